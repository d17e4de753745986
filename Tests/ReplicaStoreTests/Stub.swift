// Tests of ReplicaStore.
