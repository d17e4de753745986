print("helio-bench")
