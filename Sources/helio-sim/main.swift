print("helio-sim")
