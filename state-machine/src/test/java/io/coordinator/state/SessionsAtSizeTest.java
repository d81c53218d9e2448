package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What sessions cost when they hold or leave behind as much as they may. */
class SessionsAtSizeTest {
    private static final int LOCKS = 64;
    private static final int CONDITIONS = 5;
    private static final int MEMBERS = 25_000;
    private static final int PARTS = 1_000;
    private static final int REPLIES = 300;
    private static final int HEAP_FACTOR = 3;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private int opened;

    @Test
    @Feature({"PM-LOCK-4", "C-04"})
    void anEndIsNotPutOffBecauseOthersAreBusy() {
        long dead = open();
        LockCommand.Builder locks = LockCommand.newBuilder().setAcquire(AcquireLock.getDefaultInstance());
        for (int i = 0; i < LOCKS; i++) {
            locks.addNames("lock-" + i);
        }
        assertThat(apply(of(dead, 1).setLock(locks)).getLock().hasGranted()).isTrue();
        long busy = open();
        apply(of(busy, 1).setCache(key().setPut(PutValue.newBuilder().setValue(large()))));

        Entry.Builder entry = Entry.newBuilder();
        for (int i = 0; i < CONDITIONS; i++) {
            entry.addCommands(of(busy, 2 + i).setTransaction(comparison()));
        }
        entry.addCommands(Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setExpire(ExpireSession.newBuilder().setSessionId(dead))));
        core.apply(core.index() + 1, entry.build());
        assertThat(core.state().storage.budget().stepsOfEntry())
                .as("what the others took")
                .isGreaterThan(Budget.ENTRY_STEPS_END / 2);
        assertThat(core.session(dead)).isEmpty();
    }

    private static TransactionCommand.Builder comparison() {
        return TransactionCommand.newBuilder()
                .addConditions(Condition.newBuilder()
                        .setCache(CacheCondition.newBuilder()
                                .setNamespace("n")
                                .setKey("k")
                                // Equal by meaning only: equal bytes would be no work.
                                .setExpect(Expectation.newBuilder()
                                        .setValue(large().concat(ByteString.copyFromUtf8(" "))))));
    }

    private static ByteString large() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < MEMBERS; i++) {
            text.append(i == 0 ? "" : ",").append('"').append(i).append("\":1");
        }
        return ByteString.copyFromUtf8(text.append('}').toString());
    }

    @Test
    @Feature({"C-05", "G-15"})
    void repliesOfManyPartsTakeTheHeapThatIsCounted() {
        TransactionCommand.Builder deletes = TransactionCommand.newBuilder();
        for (int i = 0; i < PARTS; i++) {
            deletes.addThen(Command.newBuilder().setCache(key().setDelete(DeleteValue.getDefaultInstance())));
        }
        long session = open();
        apply(of(session, 1).setTransaction(deletes));
        long before = used();
        Reply last = Reply.getDefaultInstance();
        for (int i = 2; i <= REPLIES; i++) {
            last = apply(of(session, i).setTransaction(deletes));
        }
        long taken = used() - before;
        long counted = (long) REPLIES * last.getSerializedSize();
        assertThat(taken).as("heap, and %d was counted", counted).isLessThan(HEAP_FACTOR * counted);
        // It is there, should it be asked for again.
        assertThat(apply(of(session, REPLIES).setTransaction(deletes))).isEqualTo(last);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private long open() {
        String token = String.format(Locale.ROOT, "token-%016d", ++opened);
        return apply(Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setOpen(OpenSession.newBuilder()
                                        .setResumeToken(ByteString.copyFromUtf8(token))
                                        .setClientName("client")
                                        .setLeaseMillis(10_000))))
                .getSession()
                .getOpened()
                .getSessionId();
    }

    private static Command.Builder of(long session, long seq) {
        return Command.newBuilder().setSessionId(session).setSeq(seq);
    }

    private static CacheCommand.Builder key() {
        return CacheCommand.newBuilder().setNamespace("n").setKey("k");
    }

    private Reply apply(Command.Builder command) {
        Entry entry = Entry.newBuilder().addCommands(command).build();
        return core.apply(core.index() + 1, entry).replies().get(0);
    }
}
