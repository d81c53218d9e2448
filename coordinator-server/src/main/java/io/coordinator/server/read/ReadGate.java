package io.coordinator.server.read;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers linearizable reads. A read is evaluated first and released if the lease holds <em>after</em> that; so a node
 * that was paused in between cannot release what is stale by now. Otherwise it waits for an entry that was submitted
 * after the read arrived, and is evaluated again; one such entry serves all reads that wait.
 */
public final class ReadGate {
    private static final Error NOT_LEADER = Error.newBuilder()
            .setCode(ErrorCode.ENOTLEADER)
            .setMessage("this node does not lead; ask the leader")
            .build();

    private final Replica replica;
    private final LeaseRule lease;
    private final EntrySource entries;
    private final boolean leaseAllowed;
    private final Deque<Parked> parked = new ArrayDeque<>();
    private final LongAdder leaseReads = new LongAdder();
    private final LongAdder parkedReads = new LongAdder();
    private boolean open;
    private volatile boolean readSinceLook;

    /**
     * A closed gate.
     *
     * @param leaseAllowed false sends every read through the log
     */
    public ReadGate(Replica replica, LeaseRule lease, EntrySource entries, boolean leaseAllowed) {
        this.replica = replica;
        this.lease = lease;
        this.entries = entries;
        this.leaseAllowed = leaseAllowed;
    }

    private record Parked(GatedRead read, long ordinal) {}

    /** Reads are answered from now on. */
    public void open() {
        lease.resume();
        synchronized (this) {
            open = true;
        }
    }

    /** Refuses all waiting reads, and new ones until {@link #open}. */
    public void close() {
        lease.suspend();
        List<Parked> refused;
        synchronized (this) {
            open = false;
            refused = new ArrayList<>(parked);
            parked.clear();
        }
        refused.forEach(waiting -> waiting.read().refuse(NOT_LEADER));
    }

    /** Answers under the lease if it holds, else through the log. */
    public void submit(GatedRead read) {
        if (!leaseAllowed) {
            submitQuorum(read);
            return;
        }
        readSinceLook = true;
        if (!lease.holds()) {
            // Whatever is found now would be found again.
            park(read);
            return;
        }
        replica.read(new ReadTask() {
            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                read.evaluate(core, turn);
            }

            @Override
            public void evaluated() {
                if (lease.holds()) {
                    leaseReads.increment();
                    read.release();
                } else {
                    park(read);
                }
            }
        });
    }

    /** Answers through the log, whatever the lease says. */
    public void submitQuorum(GatedRead read) {
        park(read);
    }

    /** An entry of this node was applied under its own leadership; on the applying thread, which evaluates nothing. */
    public void proven(long ordinal, long submittedNanos) {
        lease.proven(submittedNanos);
        for (GatedRead read : takeBefore(ordinal)) {
            replica.readLater(new ReadTask() {
                @Override
                public void evaluate(Coordinator core, ReadTurn turn) {
                    read.evaluate(core, turn);
                }

                @Override
                public void evaluated() {
                    read.release();
                }
            });
        }
    }

    /** Serves nothing under the lease any more; reads wait for entries instead. */
    public void suspendLease() {
        lease.suspend();
    }

    /** Ends {@link #suspendLease}. */
    public void resumeLease() {
        lease.resume();
    }

    /** Keeps the lease alive if reads have used it since the last call. */
    public void renewIfRead() {
        if (readSinceLook) {
            readSinceLook = false;
            entries.requestEntry();
        }
    }

    public long leaseReads() {
        return leaseReads.sum();
    }

    /** Reads that waited for an entry. */
    public long parkedReads() {
        return parkedReads.sum();
    }

    private void park(GatedRead read) {
        parkedReads.increment();
        boolean accepted;
        synchronized (this) {
            accepted = open;
            if (accepted) {
                parked.add(new Parked(read, entries.submitted()));
            }
        }
        if (accepted) {
            entries.requestEntry();
        } else {
            read.refuse(NOT_LEADER);
        }
    }

    private synchronized List<GatedRead> takeBefore(long ordinal) {
        List<GatedRead> ready = new ArrayList<>();
        while (!parked.isEmpty() && parked.peek().ordinal() < ordinal) {
            ready.add(parked.remove().read());
        }
        return ready;
    }
}
