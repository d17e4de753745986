// NodeRuntime
