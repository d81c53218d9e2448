package io.coordinator.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.SnapshotHeader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how fast the core applies, captures and restores on this machine. Run it by hand; it asserts nothing.
 *
 * <p>Arguments: number of keys, and seconds for each measurement.
 */
final class ApplyRate {
    private static final int BATCH = 100;
    private static final int SESSIONS = 16;
    private static final ByteString VALUE = ByteString.copyFromUtf8("\"" + "x".repeat(98) + "\"");

    private Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long[] seqs = new long[SESSIONS + 1];
    private long index;

    public static void main(String[] args) throws CorruptStateException {
        int keys = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        new ApplyRate().run(keys, seconds);
    }

    private void run(int keys, int seconds) throws CorruptStateException {
        for (int i = 1; i <= SESSIONS; i++) {
            open("session-%06d-token".formatted(i));
        }
        time("insert " + keys + " keys", keys, () -> puts(0, keys));
        captureAndRestore();
        for (int round = 0; round < 3; round++) {
            repeat("overwrite", seconds, () -> puts(Math.floorMod((int) index * 31_337, keys - BATCH), BATCH));
            core.capture();
            repeat("lock and unlock", seconds, this::locks);
            core.capture();
        }
        time("overwrite all, for a capture of everything", keys, () -> puts(0, keys));
        captureAndRestore();
    }

    private void open(String token) {
        Command open = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(ByteString.copyFromUtf8(token))
                                .setLeaseMillis(10_000)))
                .build();
        core.apply(++index, Entry.newBuilder().addCommands(open).build());
    }

    private long puts(int from, int count) {
        long nanos = 0;
        for (int at = from; at < from + count; at += BATCH) {
            List<Command> commands = new ArrayList<>();
            for (int i = at; i < Math.min(at + BATCH, from + count); i++) {
                commands.add(next(i).setCache(CacheCommand.newBuilder()
                                .setNamespace("default")
                                .setKey("key-" + scattered(i))
                                .setPut(PutValue.newBuilder().setValue(VALUE)))
                        .build());
            }
            nanos += apply(commands);
        }
        return nanos;
    }

    private static int scattered(int i) {
        return (int) (i * 2_654_435_761L & 0x7FFFFFFF);
    }

    private long locks() {
        List<Command> commands = new ArrayList<>();
        long token = lastToken();
        for (int i = 0; i < BATCH; i++) {
            LockCommand.Builder lock =
                    LockCommand.newBuilder().setNamespace("default").addNames("lock-" + i % SESSIONS);
            commands.add(next(i).setLock(
                            lock.clone().setAcquire(AcquireLock.newBuilder().setTtlMillis(30_000)))
                    .build());
            commands.add(
                    next(i).setLock(lock.setRelease(ReleaseLock.newBuilder().setToken(token + 1 + i)))
                            .build());
        }
        return apply(commands);
    }

    private long lastToken() {
        Query stats = Query.newBuilder()
                .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                .build();
        return core.query(stats).getSession().getStats().getLastToken();
    }

    private Command.Builder next(int i) {
        int session = i % SESSIONS + 1;
        long seq = ++seqs[session];
        return Command.newBuilder().setSessionId(session).setSeq(seq).setAckedSeq(Math.max(0, seq - 64));
    }

    private long apply(List<Command> commands) {
        Entry entry = parse(Entry.newBuilder()
                .setClusterTimeMillis(index)
                .addAllCommands(commands)
                .build()
                .toByteArray());
        long start = cpuNanos();
        core.apply(++index, entry);
        return cpuNanos() - start;
    }

    private static Entry parse(byte[] bytes) {
        try {
            return Entry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private void captureAndRestore() throws CorruptStateException {
        long start = cpuNanos();
        StateCapture capture = core.capture();
        print("capture of " + capture.size() + " rows", cpuNanos() - start, 1);
        List<Coordinator.Row> rows = new ArrayList<>();
        start = cpuNanos();
        capture.forEach(new StateCapture.RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                rows.add(new Coordinator.Row(key, value));
            }

            @Override
            public void delete(byte[] key) {}
        });
        print("encoding of " + rows.size() + " rows", cpuNanos() - start, rows.size());
        SnapshotHeader header = capture.header();
        if (header.getRows() != rows.size()) {
            return;
        }
        start = cpuNanos();
        core = Coordinator.restore(Limits.DEFAULT, header, rows::forEach);
        print("restore of " + rows.size() + " rows", cpuNanos() - start, rows.size());
    }

    /** Of this thread, so that a busy machine and the collector's threads do not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private interface Work {
        long nanos();
    }

    private static void time(String what, int operations, Work work) {
        print(what, work.nanos(), operations);
    }

    private static void repeat(String what, int seconds, Work work) {
        long nanos = 0;
        long operations = 0;
        while (nanos < seconds * 1_000_000_000L) {
            nanos += work.nanos();
            operations += BATCH;
        }
        print(what, nanos, operations);
    }

    private static void print(String what, long nanos, long operations) {
        System.out.printf("%-45s %10.1f ms %10d ns each%n", what, nanos / 1e6, nanos / operations);
    }
}
