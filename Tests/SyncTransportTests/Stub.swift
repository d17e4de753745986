// Tests of SyncTransport.
