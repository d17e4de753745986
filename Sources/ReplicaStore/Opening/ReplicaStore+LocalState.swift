// What the sync session is told of the store, taken from one committed image.

package import ReplicaCore

extension ReplicaStore {
  /// Vector, chain hashes and fingerprint sum after the last commit.
  package var localState: LocalState {
    let image = image
    var total = Fingerprint.Sum()
    for sum in image.fingerprint.buckets { total &+= sum }
    let headed = HeadedVector(vector: image.vector, hashes: image.replicas.mapValues(\.hash))
    return LocalState(headed: headed, fingerprint: total.low)
  }

  /// Vector and fingerprint buckets of one and the same commit.
  package var vectorAndBuckets: (vector: VersionVector, sums: [Fingerprint.Sum]) {
    let image = image
    return (image.vector, image.fingerprint.buckets)
  }
}
