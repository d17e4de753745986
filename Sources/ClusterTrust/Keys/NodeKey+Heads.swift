// A replica closes every group commit with a signed head.

package import ReplicaCore

extension NodeKey {
  /// The signed statement that delta `dot` of this replica has chain hash `hash`.
  package func signHead(
    cluster: ClusterID, dot: Dot, hash: Digest
  ) throws(KeyError) -> SignedHead {
    let bytes = SignedHead.signedBytes(cluster: cluster.rawValue, dot: dot, hash: hash)
    return SignedHead(dot: dot, hash: hash, signature: try sign(bytes))
  }
}
