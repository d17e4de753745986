// Tests of ClusterTrust.
