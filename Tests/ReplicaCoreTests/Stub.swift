// Tests of ReplicaCore.
