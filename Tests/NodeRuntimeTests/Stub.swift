// Tests of NodeRuntime.
