package io.coordinator.server;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.server.data.DivergedData;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.replica.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which replica is wrong when two have another state after the same entry. A member whose digest is not that
 * of the leader asks all others; who is asked and has another digest asks in turn, so that a wrong leader learns of it.
 * The digest of a majority of the members is right, whoever leads. Who is wrong marks its data, so that they are never
 * used again, and ends. Where no majority agrees, as with two members, there is an alarm and no more.
 */
final class Divergence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Divergence.class);
    /** Between two suspicions. */
    private static final long PAUSE_MILLIS = 500;
    /** Before the others are asked again, who did not answer, or had not applied the entry. */
    private static final long AGAIN_MILLIS = 1_000;

    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path data;
    private final Supplier<List<String>> others;
    private final BiFunction<String, NodeStatusRequest, CompletableFuture<NodeStatusReply>> probe;
    private final Replica replica;
    private final ServerEvents events;
    private final LongSupplier date;
    private final Consumer<Throwable> broken;
    private final AtomicLong suspected = new AtomicLong();
    private final AtomicLong unresolved = new AtomicLong();
    private final LongSupplier mismatches;
    private volatile long settled;
    private long complainedNanos = System.nanoTime() - COMPLAINT_NANOS;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-divergence");
        made.setDaemon(true);
        return made;
    });

    /**
     * @param data the directory of this node
     * @param others client addresses of the other members that vote
     * @param probe asks one of them
     * @param mismatches entries after which this replica's digest was not the leader's
     * @param date milliseconds since 1970, for the name of what is set aside
     * @param broken told that this node must end
     */
    Divergence(
            Path data,
            Supplier<List<String>> others,
            BiFunction<String, NodeStatusRequest, CompletableFuture<NodeStatusReply>> probe,
            Replica replica,
            LongSupplier mismatches,
            ServerEvents events,
            LongSupplier date,
            Consumer<Throwable> broken) {
        this.data = data;
        this.others = others;
        this.probe = probe;
        this.replica = replica;
        this.mismatches = mismatches;
        this.events = events;
        this.date = date;
        this.broken = broken;
    }

    private enum Verdict {
        RIGHT,
        WRONG,
        UNKNOWN
    }

    /** Entries after which states differed, since it was last found that this node's is that of a majority. */
    long openMismatches() {
        return mismatches.getAsLong() - settled;
    }

    /** Times that the members were asked and no majority of them had one digest. */
    long unresolved() {
        return unresolved.get();
    }

    /** Another member, or the leader's word, has another digest after this entry. Any thread; returns at once. */
    void suspect(long index) {
        if (suspected.getAndSet(index) == 0) {
            later(0);
        }
    }

    private void later(long millis) {
        try {
            var unused = thread.schedule(this::guarded, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    private void guarded() {
        long index = suspected.get();
        Verdict verdict = Verdict.UNKNOWN;
        try {
            verdict = look(index);
        } catch (RuntimeException e) {
            LOG.error("whether this node has diverged was not found out; it is looked at again", e);
        }
        if (verdict == Verdict.UNKNOWN) {
            later(AGAIN_MILLIS);
        } else if (openMismatches() > 0 || !suspected.compareAndSet(index, 0)) {
            // What was heard of during the look may have been the same entry, from somebody else.
            later(PAUSE_MILLIS);
        }
    }

    /** Compares at that entry; if it is too long ago, at the newest, since states that differ go on to differ. */
    private Verdict look(long suspectedIndex) {
        long seen = mismatches.getAsLong();
        long index = replica.digestAt(suspectedIndex).isPresent()
                ? suspectedIndex
                : replica.status().index();
        OptionalLong own = replica.digestAt(index);
        if (own.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        NodeStatusRequest question = NodeStatusRequest.newBuilder()
                .setDigestIndex(index)
                .setDigest(own.getAsLong())
                .build();
        List<String> asked = others.get();
        List<CompletableFuture<NodeStatusReply>> answers =
                asked.stream().map(address -> probe.apply(address, question)).toList();
        List<Long> digests = new ArrayList<>();
        for (CompletableFuture<NodeStatusReply> answer : answers) {
            NodeStatusReply status = answer.exceptionally(unreachable -> NodeStatusReply.getDefaultInstance())
                    .join();
            if (status.hasDigestThen()) {
                digests.add(status.getDigestThen());
            }
        }
        Verdict verdict = judge(own.getAsLong(), digests, asked.size() + 1);
        switch (verdict) {
            case RIGHT -> {
                settled = Math.max(settled, seen);
                LOG.error("states differed; this node's after entry {} is that of a majority of the members", index);
            }
            case WRONG -> setAside(index, own.getAsLong());
            case UNKNOWN -> complain(index, own.getAsLong(), digests);
        }
        return verdict;
    }

    /** Whose digest a majority of all members has. */
    private static Verdict judge(long own, List<Long> others, int members) {
        int majority = members / 2 + 1;
        if (count(others, own) + 1 >= majority) {
            return Verdict.RIGHT;
        }
        return others.stream().anyMatch(other -> other != own && count(others, other) >= majority)
                ? Verdict.WRONG
                : Verdict.UNKNOWN;
    }

    private static long count(List<Long> digests, long digest) {
        return digests.stream().filter(each -> each == digest).count();
    }

    private void complain(long index, long own, List<Long> others) {
        unresolved.incrementAndGet();
        long now = System.nanoTime();
        if (now - complainedNanos >= COMPLAINT_NANOS) {
            complainedNanos = now;
            LOG.error(
                    "states differ, and no majority of the members has one state after entry {}: nobody can tell which"
                            + " is right. This node has {}, others that answered have {}. See 'When states differ' in"
                            + " docs/operating.md",
                    index,
                    Long.toHexString(own),
                    others.stream().map(Long::toHexString).toList());
        }
    }

    private void setAside(long index, long own) {
        String why = "the state of this node diverged: its digest after entry " + index + " is " + Long.toHexString(own)
                + ", and a majority of the members has another";
        events.diverged(index);
        try {
            DivergedData.mark(data, Instant.ofEpochMilli(date.getAsLong()), why);
            broken.accept(new IllegalStateException(why + ". It ends, and its data are kept for analysis in a directory"
                    + " 'diverged-…' below " + data + "; restarted, it receives the state from the leader"));
        } catch (IOException e) {
            broken.accept(new IOException(why + ". It ends; its data could not be marked: move them aside by hand", e));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
