package io.coordinator.benchmarks.core;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Operations whose work grows with the state. */
final class Operations {
    private static final ByteString VALUE = Commands.text(20);
    private static final String MANY = "many";
    private static final int AUDITED = 1_001;

    /**
     * One of them.
     *
     * @param prepare brings a core to where the operation can begin, and says how it begins
     */
    record Operation(String name, Function<Core, Entry.Builder> prepare) {}

    private final int rows;

    /**
     * Operations on a state of one size.
     *
     * @param rows that the state has in all, about; the counts of documents, expiring keys and clients follow
     */
    Operations(int rows) {
        this.rows = rows;
    }

    List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        all.add(new Operation("clear of everything", core -> clear(core, "")));
        all.add(new Operation("clear of a prefix", core -> clear(core, "k1")));
        all.add(new Operation("bounds set to 1,000 entries", core -> {
            long session = filled(core, 0);
            return core.entry(session, Commands.bound(MANY, 1_000));
        }));
        all.add(new Operation("bounds taken away", core -> {
            long session = core.open();
            core.all(session, 1, i -> Commands.bound(MANY, 2L * rows));
            fill(core, session, 0, rows);
            return core.entry(session, Commands.bound(MANY, 0));
        }));
        all.add(new Operation("end of a session with ephemeral documents", this::sessionEnd));
        all.add(new Operation("expiry of keys at one instant", this::expiry));
        all.add(new Operation("force-release of shared holders", this::forceRelease));
        all.add(new Operation("release that grants shared waiters", this::release));
        all.add(new Operation("completion told to waiters", this::completion));
        all.add(new Operation("forced release with a full audit", this::audit));
        return all;
    }

    private int documents() {
        return rows / 10;
    }

    private int expiring() {
        return rows * 3 / 10;
    }

    private int clients() {
        return rows / 100;
    }

    private long filled(Core core, int others) {
        long session = core.open();
        fill(core, session, 0, rows - others);
        return session;
    }

    private static void fill(Core core, long session, long ttlMillis, int count) {
        core.all(session, count, i -> Commands.put(MANY, "k" + i, VALUE, ttlMillis));
    }

    private Entry.Builder clear(Core core, String prefix) {
        long session = filled(core, 0);
        return core.entry(session, Commands.clear(MANY, prefix));
    }

    private Entry.Builder sessionEnd(Core core) {
        filled(core, documents());
        long owner = core.open();
        core.all(
                owner,
                documents(),
                i -> Commands.openDocument("d" + i, DocumentKind.EPHEMERAL, ByteString.copyFromUtf8("{}")));
        return core.entry(owner, Commands.closeSession());
    }

    private Entry.Builder expiry(Core core) {
        long session = filled(core, expiring());
        core.all(session, expiring(), i -> Commands.put("expiring", "k" + i, VALUE, 60_000));
        core.pass(60_000);
        return core.entry();
    }

    private Entry.Builder forceRelease(Core core) {
        long session = filled(core, clients());
        for (long holder : core.open(clients())) {
            core.apply(holder, Commands.acquire("shared", LockMode.SHARED));
        }
        return core.entry(session, Commands.forceRelease("shared"));
    }

    private Entry.Builder release(Core core) {
        long session = filled(core, clients());
        long token = core.apply(session, Commands.acquire("shared", LockMode.EXCLUSIVE))
                .getLock()
                .getGranted()
                .getToken();
        for (long waiter : core.open(clients())) {
            core.apply(waiter, Commands.acquire("shared", LockMode.SHARED));
        }
        return core.entry(session, Commands.release("shared", token));
    }

    private Entry.Builder completion(Core core) {
        long session = filled(core, clients());
        long token = core.apply(session, Commands.reserve("build"))
                .getBuild()
                .getBuild()
                .getToken();
        for (long waiter : core.open(clients())) {
            core.apply(waiter, Commands.reserve("build"));
        }
        return core.entry(session, Commands.complete("build", token, Commands.text(1_000)));
    }

    private Entry.Builder audit(Core core) {
        long session = filled(core, 0);
        for (int i = 0; i < AUDITED; i++) {
            core.apply(session, Commands.acquire("audited", LockMode.EXCLUSIVE));
            core.apply(session, Commands.forceRelease("audited"));
        }
        core.apply(session, Commands.acquire("audited", LockMode.EXCLUSIVE));
        return core.entry(session, Commands.forceRelease("audited"));
    }
}
