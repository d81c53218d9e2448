package io.coordinator.server.raft;

import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The settings of Ratis, and why they are not its defaults. */
final class RatisSettings {
    private RatisSettings() {}

    static RaftProperties of(ServerConfig config, Path storage) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
        RaftServerConfigKeys.setStorageFreeSpaceMin(
                properties, SizeInBytes.valueOf(DiskWatch.requiredToStart(config.get(Keys.FREE_SPACE_MIN_BYTES))));
        transport(properties, config.get(Keys.PEER_BIND));
        elections(properties, config);
        log(properties, config);
        replication(properties, config);
        snapshots(properties);
        // Replies are kept in the replicated sessions; Ratis' own cache only costs memory. One call id is used once.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, seconds(5));
        RaftServerConfigKeys.Write.setElementLimit(properties, 4096);
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("256MB"));
        return properties;
    }

    private static void transport(RaftProperties properties, HostPort bind) {
        GrpcConfigKeys.Server.setHost(properties, bind.host());
        GrpcConfigKeys.Server.setPort(properties, bind.port());
        // The same port would serve Ratis' own clients and administration; PeerPortGuard refuses them.
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("64MB"));
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("4MB"));
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, 32);
    }

    private static void elections(RaftProperties properties, ServerConfig config) {
        TimeDuration min = millis(config.get(Keys.ELECTION_TIMEOUT_MIN_MILLIS));
        TimeDuration max = millis(config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        // How long a leader that lost its majority may not stand again, and how long a pause makes it step down.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, millis(2 * config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS)));
        RaftServerConfigKeys.setStagingTimeout(properties, seconds(60));
    }

    private static void log(RaftProperties properties, ServerConfig config) {
        int segment = config.get(Keys.LOG_SEGMENT_BYTES);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(segment));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(Math.min(segment, 4 << 20)));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 3);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
                properties, SizeInBytes.valueOf(config.get(Keys.LOG_CACHE_BYTES_MAX)));
        // Else every commit writes an entry of its own: twice the fsyncs.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // Slow, and one failed append poisons the follower's chain of futures.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        // A dead follower must not hold the log for ever: it is sent a snapshot instead.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    }

    private static void replication(RaftProperties properties, ServerConfig config) {
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.valueOf(0, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf("4MB"));
        // The wait after an error must stay below the heartbeat interval, half of the minimum timeout, with the random
        // factor of up to 1.5: after a longer one a heartbeat is due and goes first, a follower whose log was lost
        // refuses it, which is the next error, and no entry is ever sent again. Ratis' default waits for seconds.
        int pause = Math.max(1, config.get(Keys.ELECTION_TIMEOUT_MIN_MILLIS) / 8);
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, " + pause + "ms,1000000000");
    }

    private static void snapshots(RaftProperties properties) {
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("1MB"));
        // An installation that meets a dead follower holds its appender for timeout times limit, even when the follower
        // is back long before.
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(properties, 4);
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(properties, millis(750));
        // Our own policy decides; it then asks Ratis to purge, which it does if anything was applied meanwhile.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    }

    private static TimeDuration millis(long value) {
        return TimeDuration.valueOf(value, TimeUnit.MILLISECONDS);
    }

    private static TimeDuration seconds(long value) {
        return TimeDuration.valueOf(value, TimeUnit.SECONDS);
    }
}
