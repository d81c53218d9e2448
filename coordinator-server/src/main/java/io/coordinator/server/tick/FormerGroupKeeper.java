package io.coordinator.server.tick;

import io.coordinator.protocol.NodeStatusReply;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a node that belongs to a cluster of before: one of its members was made a new cluster by {@code force-single}
 * or a restore, and this one did not hear of it, since it was lost or cut off. Asks the others from time to time, and
 * at once when it is made.
 */
public final class FormerGroupKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FormerGroupKeeper.class);
    private static final long INTERVAL_MILLIS = 2_000;

    private final String group;
    private final String own;
    private final BooleanSupplier takesPart;
    private final Supplier<List<String>> clients;
    private final MemberStatuses probe;
    private final Consumer<Throwable> stop;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-former-group");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins to ask.
     *
     * @param group the Raft group of this node
     * @param own its client address, which is not asked
     * @param takesPart false for an empty node that waits to be let in: it was nothing before
     * @param clients of all members
     * @param stop is told why this node must stop
     */
    public FormerGroupKeeper(
            String group,
            String own,
            BooleanSupplier takesPart,
            Supplier<List<String>> clients,
            MemberStatuses probe,
            Consumer<Throwable> stop) {
        this.group = group;
        this.own = own;
        this.takesPart = takesPart;
        this.clients = clients;
        this.probe = probe;
        this.stop = stop;
        var unused = timer.scheduleWithFixedDelay(this::askAll, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void askAll() {
        if (!takesPart.getAsBoolean()) {
            return;
        }
        for (String address : clients.get()) {
            if (!address.equals(own)) {
                var unused = probe.status(address).whenComplete((status, failure) -> {
                    if (failure != null) {
                        LOG.debug("{} does not answer", address, failure);
                    } else {
                        judge(status);
                    }
                });
            }
        }
    }

    private void judge(NodeStatusReply other) {
        if (other.getFormerGroupsList().contains(group) && !other.getGroup().equals(group)) {
            stop.accept(new IllegalStateException("this node belongs to the cluster " + other.getCluster()
                    + " as it was before " + other.getNode()
                    + " was made a new cluster of that name, by a restore or by"
                    + " `coordinator data force-single`. It must not go on as what it was. To let it join the new"
                    + " cluster, set its data directory aside and start it with an empty one; see docs/disaster.md"));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
