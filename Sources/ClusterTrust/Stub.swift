// ClusterTrust
