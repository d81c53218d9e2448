package io.coordinator.server.tick;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetTopicDefaults;
import io.coordinator.protocol.TopicDefaults;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the replicated state say of durable topics what the leader's configuration says, since every replica computes by
 * it.
 */
public final class TopicDefaultsKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicDefaultsKeeper.class);
    private static final long FIRST_MILLIS = 500;
    private static final long INTERVAL_MILLIS = 5_000;

    private final TopicDefaults wanted;
    private final Proposer proposer;
    private final Replica replica;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-topic-defaults");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts to look. */
    public TopicDefaultsKeeper(TopicDefaults wanted, Proposer proposer, Replica replica) {
        this.wanted = wanted;
        this.proposer = proposer;
        this.replica = replica;
        var unused = clock.scheduleWithFixedDelay(this::look, FIRST_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (proposer.isOpen() && !replica.status().topicDefaults().equals(wanted)) {
                LOG.info("what holds for durable topics by default is from now on what this node's configuration says");
                proposer.offer(new NewDefaults(wanted));
            }
        } catch (RuntimeException e) {
            LOG.error("the defaults of durable topics were not looked at", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private record NewDefaults(TopicDefaults defaults) implements Proposal {
        @Override
        public List<Command> commands() {
            return List.of(Command.newBuilder()
                    .setSession(SessionCommand.newBuilder()
                            .setSetTopicDefaults(SetTopicDefaults.newBuilder().setDefaults(defaults)))
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
