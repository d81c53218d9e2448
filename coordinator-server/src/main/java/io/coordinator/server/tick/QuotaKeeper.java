package io.coordinator.server.tick;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetQuota;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the quota of the state where it belongs: as configured, or at half of the heap of the smallest member that has
 * told. The leader asks now and then, and proposes a new quota when it is another one; what it is, is part of the
 * replicated state.
 */
public final class QuotaKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaKeeper.class);
    private static final long FIRST_MILLIS = 500;
    private static final long INTERVAL_MILLIS = 10_000;

    private final long configuredBytes;
    private final String self;
    private final Supplier<List<String>> members;
    private final MemberHeaps heaps;
    private final Proposer proposer;
    private final Replica replica;
    private final Map<String, Long> known = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-quota");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts to look.
     *
     * @param configuredBytes 0 derives the quota from the members' heap
     * @param self this node's client address
     * @param members the client addresses of all
     */
    public QuotaKeeper(
            long configuredBytes,
            String self,
            Supplier<List<String>> members,
            MemberHeaps heaps,
            Proposer proposer,
            Replica replica) {
        this.configuredBytes = configuredBytes;
        this.self = self;
        this.members = members;
        this.heaps = heaps;
        this.proposer = proposer;
        this.replica = replica;
        known.put(self, heapMaxBytes());
        var unused = clock.scheduleWithFixedDelay(this::look, FIRST_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The most heap that this process may use. */
    public static long heapMaxBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    private void look() {
        try {
            if (!proposer.isOpen()) {
                return;
            }
            if (configuredBytes == 0) {
                askOthers();
            }
            propose();
        } catch (RuntimeException e) {
            LOG.error("the quota of the state was not looked at", e);
        }
    }

    /** What they answer counts at the next look. */
    private void askOthers() {
        for (String member : members.get()) {
            if (!member.equals(self)) {
                var unused = heaps.ask(member).whenComplete((bytes, failure) -> {
                    if (failure == null && bytes > 0 && !bytes.equals(known.put(member, bytes))) {
                        propose();
                    }
                });
            }
        }
    }

    private void propose() {
        long wanted = configuredBytes != 0
                ? configuredBytes
                : known.values().stream().mapToLong(Long::longValue).min().orElseThrow() / 2;
        if (proposer.isOpen() && replica.status().stateBytesMax() != wanted) {
            LOG.info("the state may take {} bytes of heap from now on", wanted);
            proposer.offer(new NewQuota(wanted));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private record NewQuota(long bytes) implements Proposal {
        @Override
        public List<Command> commands() {
            return List.of(Command.newBuilder()
                    .setSession(SessionCommand.newBuilder()
                            .setSetQuota(SetQuota.newBuilder().setStateBytesMax(bytes)))
                    .build());
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            // The state has it now.
        }

        @Override
        public void failed() {
            // The next leader looks by itself.
        }
    }
}
