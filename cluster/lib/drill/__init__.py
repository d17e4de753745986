"""Runs whole clusters of nodes as separate processes, and checks them from outside."""
