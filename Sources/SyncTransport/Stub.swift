// SyncTransport
