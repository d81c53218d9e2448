package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ConfigureCache;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionReply;
import io.coordinator.protocol.SetQuota;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a full state still takes. The second replica of the script is restored from its snapshot before each entry, and refuses the same. */
class QuotaTest extends Script {
    private static final String KILO = "\"" + "x".repeat(998) + "\"";
    private static final String HUGE = "\"" + "x".repeat((1 << 20) - 2) + "\"";

    private void leave(long bytes) {
        quota(core().stateBytes() + bytes);
    }

    private void quota(long max) {
        apply(own(SessionCommand.newBuilder().setSetQuota(SetQuota.newBuilder().setStateBytesMax(max))));
        assertThat(core().stateBytesMax()).isEqualTo(max);
    }

    private int fillUp() {
        int puts = 0;
        while (!session("a").put("k" + puts, KILO).reply().hasError()) {
            puts++;
            session("a").acks(session("a").sent().getSeq());
            assertThat(puts).isLessThan(1_000);
        }
        return puts;
    }

    @Test
    @Feature({"G-15", "G-4"})
    void whatASessionTakesIsGivenBackWithItsEnd() {
        session("a").acknowledge();
        long before = core().stateBytes();
        long token = session("b").acquire("x").token();
        session("a").cancelAcquire("x", 99);
        session("b").acquire("x", 0, -1);
        session("b").release("x", token);
        assertThat(core().stateBytes()).isGreaterThan(before);
        session("b").close();
        session("a").acks(session("a").sent().getSeq()).acknowledge();
        // The lock remembers its last token.
        assertThat(core().stateBytes()).isBetween(before, before + 700);
    }

    @Test
    @Feature({"G-15", "G-12"})
    void whatGrowsAFullStateIsRefusedAndEverythingElseGoesOn() {
        session("a").put("small", "1");
        session("a").sliding("sliding", "1", 5_000);
        leave(20_000);
        int keys = fillUp();
        assertThat(keys).isBetween(5, 20);
        quota(core().stateBytes());
        session("a")
                .put("more", KILO)
                .refused(ErrorCode.ENOSPACE, "state-bytes-max")
                .changes();
        session("a").put("small", KILO).refused(ErrorCode.ENOSPACE).changes();
        assertThat(session("a").get("small")).hasValue("1");
        assertThat(session("a").get("more")).isEmpty();
        assertThat(session("a").get("k0")).hasValue(KILO);
        at(1_000).session("a").touch("sliding");
        assertThat(last().replies().get(0).hasError()).isFalse();
        assertThat(session("a").put("k0", "\"shorter\"").reply().hasError()).isFalse();
        session("a").put("more", KILO).refused(ErrorCode.ENOSPACE);
        session("a").delete("k1");
        session("a").delete("k2");
        assertThat(session("a").put("more", KILO).reply().hasError()).isFalse();
        assertThat(session("a").clear("k").reply().hasError()).isFalse();
        assertThat(fillUp()).isPositive();
    }

    @Test
    @Feature({"G-15", "B-11"})
    void aTransactionThatShrinksTheStateInAllPasses() {
        leave(8_000);
        fillUp();
        quota(core().stateBytes());
        TransactionCommand.Builder grows = TransactionCommand.newBuilder().addThen(put("new", KILO));
        session("a").transact(grows).refused(ErrorCode.ENOSPACE).changes();
        TransactionCommand.Builder shrinks = TransactionCommand.newBuilder()
                .addThen(put("new", KILO))
                .addThen(inCache("k0", CacheCommand.newBuilder().setDelete(DeleteValue.getDefaultInstance())))
                .addThen(inCache("k1", CacheCommand.newBuilder().setClear(ClearValues.getDefaultInstance())));
        assertThat(session("a").transact(shrinks).reply().hasError()).isFalse();
        assertThat(session("a").get("new")).hasValue(KILO);
    }

    private static Command put(String key, String json) {
        return inCache(
                key, CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json(json))));
    }

    private static Command inCache(String key, CacheCommand.Builder operation) {
        return Command.newBuilder()
                .setCache(operation.setNamespace(Actor.NAMESPACE).setKey(key))
                .build();
    }

    @Test
    @Feature({"G-15", "C-09"})
    void settingsOfOneMoreNamespaceGrowTheState() {
        session("a").configure(100, 0, 0);
        quota(core().stateBytes());
        session("a").send(bounding("another")).refused(ErrorCode.ENOSPACE).changes();
        assertThat(session("a").configure(1, 0, 0).reply().hasError()).isFalse();
        quota(core().stateBytes() + 10_000);
        assertThat(session("a").send(bounding("another")).reply().hasError()).isFalse();
    }

    private static Command.Builder bounding(String namespace) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(namespace)
                        .setConfigure(ConfigureCache.newBuilder()
                                .setSettings(CacheSettings.newBuilder().setEntriesMax(1))));
    }

    @Test
    @Feature({"G-15", "C-09"})
    void aFailureThatIsKeptOrLongGrowsTheState() {
        long kept = session("a").reserve("kept", 60_000, 0).token();
        long told = session("a").reserve("told", 60_000, 0).token();
        session("b").reserve("told", 60_000, -1);
        quota(core().stateBytes());
        FailBuild.Builder keeping = FailBuild.newBuilder()
                .setToken(kept)
                .setKeepMillis(3_600_000)
                .setFailure(BuildFailure.newBuilder().setMessage("x".repeat(2_000)));
        session("a").send(failing("kept", keeping)).refused(ErrorCode.ENOSPACE).changes();
        session("a").fail("told", told, "x".repeat(100_000)).refused(ErrorCode.ENOSPACE);
        assertThat(session("a").fail("told", told, "short").reply().hasError()).isFalse();
        assertThat(session("a").fail("kept", kept, "short").reply().hasError()).isFalse();
    }

    private static Command.Builder failing(String key, FailBuild.Builder fail) {
        return Command.newBuilder()
                .setBuild(BuildCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setKey(key)
                        .setFail(fail));
    }

    @Test
    @Tag("slow")
    @Feature({"G-15", "C-09"})
    void aReplyCountsUntilItIsAcknowledged() {
        withoutShadow();
        Actor a = session("a");
        a.put("huge", HUGE);
        long room = 4L << 20;
        leave(room);
        long before = core().stateBytes();
        TransactionCommand.Builder comparing = TransactionCommand.newBuilder();
        for (int i = 0; i < 15; i++) {
            comparing.addThen(a.expectCommand("huge", "1"));
        }
        a.transact(comparing).refused(ErrorCode.ENOSPACE, "reply").changes();
        assertThat(core().stateBytes()).isLessThan(before + 1_000);
        int replies = 0;
        while (!a.send(a.expectCommand("huge", "1")).reply().hasError()) {
            replies++;
        }
        assertThat(replies).isEqualTo(3);
        assertThat(core().stateBytes()).isLessThan(core().stateBytesMax());
        assertThat(session("b").put("k", "1").reply().hasError()).isFalse();
        a.acks(a.sent().getSeq()).acknowledge();
        assertThat(a.send(a.expectCommand("huge", "1")).reply().hasError()).isFalse();
        assertThat(a.get("huge")).hasValue(HUGE);
        assertThat(a.delete("huge").existed()).isTrue();
    }

    @Test
    @Feature({"G-15", "C-09"})
    void aFullStateKeepsLittleOfWhatASessionDoesNotAcknowledge() {
        withoutShadow();
        Actor a = session("a");
        a.put("large", KILO);
        session("b").put("other", "1");
        quota(core().stateBytes());
        long before = core().stateBytes();
        int refused = 0;
        while (a.force(a.putCommand("more", KILO)).reply().getError().getCode() == ErrorCode.ENOSPACE) {
            refused++;
            assertThat(refused).isLessThan(1_000);
        }
        a.again().refused(ErrorCode.EOUTOFORDER, "acknowledge");
        assertThat(core().stateBytes()).isBetween(before + 60_000, before + 70_000);
        a.again(a.sent().toBuilder().setAckedSeq(a.sent().getSeq() - 1).build()).refused(ErrorCode.ENOSPACE);
        assertThat(session("b").delete("nothing").reply().hasError()).isFalse();
        assertThat(session("b").delete("large").existed()).isTrue();
    }

    @Test
    @Feature({"G-15", "G-4"})
    void aSessionThatIsHeldBackCanBeClosed() {
        withoutShadow();
        Actor a = session("a");
        quota(core().stateBytes());
        while (a.force(a.putCommand("more", KILO)).reply().getError().getCode() == ErrorCode.ENOSPACE) {
            // Until it is held back.
        }
        Command close = own(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()));
        a.again(close.toBuilder().setSessionId(a.id()).setSeq(a.sent().getSeq()).build())
                .gives(SessionReply.OutcomeCase.CLOSED);
        assertThat(core().sessionCount()).isZero();
    }

    @Test
    @Feature({"G-15", "C-09"})
    void aWaiterCountsWithAllThatItWaitsFor() {
        String namespace = "n".repeat(1_000);
        List<String> names = new ArrayList<>(List.of("x"));
        for (int i = 1; i < 64; i++) {
            names.add("u" + i);
        }
        long token = session("a").send(acquiring(namespace, List.of("x"), 0)).token();
        long before = core().stateBytes();
        long stepsOfOne = stepsOf(acquiring(namespace, List.of("x"), -1));
        long one = core().stateBytes() - before;
        assertThat(stepsOf(acquiring(namespace, names, -1))).isGreaterThan(stepsOfOne + 63 * 20);
        long set = core().stateBytes() - before - one;
        assertThat(set).isGreaterThan(64 * 2_000).isGreaterThan(30 * one);
        quota(core().stateBytes());
        session("b").acks(2).acksEvents(1);
        long full = core().stateBytes();
        session("a")
                .send(Command.newBuilder()
                        .setLock(LockCommand.newBuilder()
                                .setNamespace(namespace)
                                .addNames("x")
                                .setRelease(ReleaseLock.newBuilder().setToken(token))))
                .gives(LockReply.OutcomeCase.RELEASED);
        long second = session("b").hearsGrant();
        session("b")
                .send(Command.newBuilder()
                        .setLock(LockCommand.newBuilder()
                                .setNamespace(namespace)
                                .addNames("x")
                                .setRelease(ReleaseLock.newBuilder().setToken(second))))
                .gives(LockReply.OutcomeCase.RELEASED);
        assertThat(session("b").hearsGrant()).isGreaterThan(second);
        assertThat(core().stateBytes()).as("64 holds").isLessThan(full).isGreaterThan(full - 100_000);
    }

    @Test
    @Feature({"G-15", "C-06"})
    void aWaiterForABuildCountsWithItsQueue() {
        session("a").reserve("k", 5_000, 0);
        session("b").acks(1).acknowledge();
        long before = core().stateBytes();
        session("b").reserve("k", 5_000, -1);
        session("b").acks(session("b").sent().getSeq()).acknowledge();
        assertThat(core().stateBytes() - before).isBetween(750L, 1_000L);
    }

    private long stepsOf(Command.Builder command) {
        session("b").send(command).gives(LockReply.OutcomeCase.QUEUED);
        return steps();
    }

    private static Command.Builder acquiring(String namespace, List<String> names, long waitMillis) {
        return Command.newBuilder()
                .setLock(LockCommand.newBuilder()
                        .setNamespace(namespace)
                        .addAllNames(names)
                        .setAcquire(AcquireLock.newBuilder().setWaitMillis(waitMillis)));
    }

    @Test
    @Feature("G-15")
    void namesCountAsTheyLieInMemory() {
        long narrow = growth("n".repeat(500), "k".repeat(500));
        long again = growth("n".repeat(500), "l".repeat(500));
        assertThat(narrow - again).as("the namespace itself").isBetween(600L, 700L);
        long wide = growth("\u043d".repeat(500), "\u043a".repeat(500));
        assertThat(wide - narrow).as("two bytes a character").isBetween(1_490L, 1_510L);
        long before = core().stateBytes();
        session("a").send(deleting("\u043d".repeat(500), "\u043a".repeat(500)));
        session("a").acks(session("a").sent().getSeq()).acknowledge();
        assertThat(before - core().stateBytes()).isBetween(wide - 20, wide + 20);
    }

    private long growth(String namespace, String key) {
        session("a").acks(session("a").sent().getSeq()).acknowledge();
        long before = core().stateBytes();
        Command.Builder put = put(key, "1").toBuilder();
        put.getCacheBuilder().setNamespace(namespace);
        session("a").acks(session("a").sent().getSeq()).send(put);
        assertThat(last().replies().get(0).hasError()).isFalse();
        session("a").acks(session("a").sent().getSeq()).acknowledge();
        return core().stateBytes() - before;
    }

    private static Command.Builder deleting(String namespace, String key) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(namespace)
                        .setKey(key)
                        .setDelete(DeleteValue.getDefaultInstance()));
    }

    @Test
    @Feature("G-15")
    void documentsCountByWhatTheyTakeInMemory() {
        session("a").open("kept", "{\"list\":[]}");
        leave(30_000);
        session("a").open("large", "[" + "0,".repeat(5_000) + "0]").refused(ErrorCode.ENOSPACE);
        assertThat(session("a").document("large").hasInfo()).isFalse();
        String text = "\"" + "x".repeat(1_000) + "\"";
        int pushes = 0;
        while (!session("a").push("kept", "list", text).reply().hasError()) {
            pushes++;
            assertThat(pushes).isLessThan(100);
        }
        assertThat(pushes).isPositive();
        assertThat(last().replies().get(0).getError().getCode()).isEqualTo(ErrorCode.ENOSPACE);
        assertThat(session("a").document("kept", "list").getLength()).isEqualTo(pushes);
        assertThat(session("a").deleteDocument("kept", 0).reply().hasError()).isFalse();
        assertThat(session("a").open("kept", text).reply().hasError()).isFalse();
    }

    @Test
    @Tag("slow")
    @Feature("G-15")
    void aSessionOwnsABoundedNumberOfDocuments() {
        withoutShadow();
        int limit = 100_000;
        int batch = 2_000;
        for (int from = 0; from < limit; from += batch) {
            Entry.Builder entry = Entry.newBuilder();
            session("a").acks(session("a").sent().getSeq());
            for (int i = from; i < from + batch; i++) {
                entry.addCommands(session("a").stamp(opening("d" + i)));
            }
            List<Reply> replies = apply(entry).replies();
            assertThat(replies).noneMatch(Reply::hasError);
        }
        session("a").open("one/more", "{}", DocumentKind.EPHEMERAL, 0).refused(ErrorCode.ENOSPACE, "100000");
        assertThat(last().replies().get(0).getError().getMessage())
                .contains("session " + session("a").id());
        assertThat(session("a").open("durable", "{}").reply().hasError()).isFalse();
        session("a").deleteDocument("d7", 0);
        assertThat(session("a")
                        .open("one/more", "{}", DocumentKind.EPHEMERAL, 0)
                        .reply()
                        .hasError())
                .isFalse();
        expire("a");
        int entries = 0;
        while (core().hasWorkLeft()) {
            tick();
            entries++;
        }
        assertThat(entries).isGreaterThan(10);
        assertThat(count("documents")).isOne();
    }

    private static Command.Builder opening(String id) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId(id)
                        .setOpen(OpenDocument.newBuilder().setKind(DocumentKind.EPHEMERAL)));
    }
}
