package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Guard;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@Feature("B-11")
class TransactionsTest extends Script {
    private static final String NAMESPACE = "default";

    private static ByteString text(String json) {
        return ByteString.copyFromUtf8(json);
    }

    private static Command put(String key, String json, long ttlMillis) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setPut(PutValue.newBuilder().setValue(text(json)).setTtlMillis(ttlMillis)))
                .build();
    }

    private static Command increment(String key) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setIncrement(Increment.newBuilder().setBy(1)))
                .build();
    }

    private static Command delete(String key) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setDelete(DeleteValue.getDefaultInstance()))
                .build();
    }

    private static Command clear(String prefix) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(prefix)
                        .setClear(ClearValues.getDefaultInstance()))
                .build();
    }

    private static Command edit(String id, DocumentEdit... edits) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setId(id)
                        .setEdit(EditDocument.newBuilder().addAllEdits(List.of(edits))))
                .build();
    }

    private static Condition cache(String key, Expectation.Builder expect) {
        return Condition.newBuilder()
                .setCache(CacheCondition.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setExpect(expect))
                .build();
    }

    private static Condition document(String id, Expectation.Builder expect, String... path) {
        return Condition.newBuilder()
                .setDocument(DocumentCondition.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setId(id)
                        .addAllPath(List.of(path))
                        .setExpect(expect))
                .build();
    }

    private static Expectation.Builder value(String json) {
        return Expectation.newBuilder().setValue(text(json));
    }

    private static Expectation.Builder absent() {
        return Expectation.newBuilder().setAbsent(true);
    }

    private static TransactionCommand.Builder then(Command... commands) {
        return TransactionCommand.newBuilder().addAllThen(List.of(commands));
    }

    private String content(String id) {
        return session("a").document(id).getValue().toStringUtf8();
    }

    private boolean held(TransactionCommand.Builder transaction) {
        Outcome outcome = session("a").transact(transaction);
        outcome.gives(Reply.OutcomeCase.TRANSACTION);
        return outcome.reply().getTransaction().getHeld();
    }

    @Test
    void allOfABranchIsAppliedInItsOrder() {
        session("a").open("x", "{\"n\":1}");
        session("a").open("y", "[]");
        Outcome outcome = session("a")
                .transact(then(
                        put("k", "1", 0),
                        increment("k"),
                        edit("x", Edit.set("", "n", "0")),
                        edit("y", Edit.push("", "1"))));
        assertThat(outcome.made()).hasSize(4).extracting(Change::getRevision).isSorted();
        assertThat(outcome.reply().getTransaction().getRepliesList())
                .extracting(Reply::getOutcomeCase)
                .containsExactly(
                        Reply.OutcomeCase.CACHE,
                        Reply.OutcomeCase.CACHE,
                        Reply.OutcomeCase.DOCUMENT,
                        Reply.OutcomeCase.DOCUMENT);
        assertThat(session("a").get("k")).contains("2");
        assertThat(content("x") + content("y")).isEqualTo("{\"n\":0}[1]");
    }

    @Test
    void oneRefusalTakesEverythingBack() {
        session("a").open("x", "{\"n\":1}");
        at(1_000).session("a").put("k", "\"text\"");
        session("a").put("short", "1", 500, false);
        long revision = session("a").document("x").getInfo().getRevision();
        Outcome outcome = session("a")
                .transact(then(
                        put("new", "1", 100),
                        put("short", "2", 0),
                        edit("x", Edit.set("", "n", "0")),
                        increment("k"),
                        put("never", "1", 0)));
        outcome.refused(ErrorCode.EBATCH, "command 4 of 5");
        assertThat(outcome.reply().getError().getMessage()).contains("ENOTNUMBER");
        assertThat(outcome.reply().getError().getFailedEdit()).isEqualTo(3);
        assertThat(outcome.made()).isEmpty();
        assertThat(session("a").get("new")).isEmpty();
        assertThat(content("x")).isEqualTo("{\"n\":1}");
        assertThat(session("a").document("x").getInfo().getRevision()).isEqualTo(revision);
        long next = session("a").put("k", "1").made().get(0).getRevision();
        assertThat(at(1_400).tick().last().changes())
                .as("the ttl of what was taken back")
                .isEmpty();
        assertThat(at(1_500).tick().last().changes())
                .singleElement()
                .extracting(Change::getKey, Change::getRevision)
                .containsExactly("short", next + 1);
    }

    /** "text" is at "k", so that one more is refused. */
    private void refusesAfter(Command... commands) {
        List<Command> all = new ArrayList<>(List.of(commands));
        all.add(increment("k"));
        long revision = core().revision();
        Outcome outcome = session("a").transact(TransactionCommand.newBuilder().addAllThen(all));
        outcome.refused(ErrorCode.EBATCH, "command " + all.size() + " of " + all.size())
                .changes();
        assertThat(outcome.revision()).isEqualTo(revision);
        assertThat(core().revision()).isEqualTo(revision);
    }

    @Test
    void aRefusalBringsBackWhatWasDeleted() {
        at(1_000).session("a").put("k", "\"text\"");
        session("a").put("gone", "1", 500, false);
        session("a").put("dir/1", "1");
        session("a").put("dir/2", "2");
        List<Optional<CacheEntry>> before = List.of(
                session("a").entry("gone"),
                session("a").entry("dir/1"),
                session("a").entry("dir/2"));
        int entries = session("a").scan("", "", 0).getKeysCount();

        refusesAfter(delete("gone"), clear("dir/"), put("dir/1", "3", 0), put("gone", "4", 0), delete("gone"));

        assertThat(List.of(
                        session("a").entry("gone"),
                        session("a").entry("dir/1"),
                        session("a").entry("dir/2")))
                .isEqualTo(before);
        assertThat(session("a").scan("", "", 0).getKeysCount()).isEqualTo(entries);
        assertThat(at(1_500).tick().last().changes())
                .as("the ttl of what was brought back")
                .extracting(Change::getKey)
                .containsExactly("gone");
    }

    @Test
    void aRefusalBringsBackWhatWasThereBeforeAllChangesOfAKey() {
        session("a").put("k", "\"text\"");
        session("a").put("n", "1");
        session("a").open("x", "[1]");
        Optional<CacheEntry> before = session("a").entry("n");

        refusesAfter(
                increment("n"),
                delete("n"),
                put("n", "5", 0),
                increment("n"),
                edit("x", Edit.push("", "2")),
                edit("x", Edit.push("", "3")));

        assertThat(session("a").entry("n")).isEqualTo(before);
        assertThat(content("x")).isEqualTo("[1]");
    }

    @Test
    @Feature("G-10")
    void aRefusalUsesUpNoRevision() {
        session("a").put("k", "\"text\"");
        long revision = core().revision();
        refusesAfter(put("new", "1", 0), put("new", "2", 0));
        assertThat(session("a").put("next", "1").made())
                .extracting(Change::getRevision)
                .containsExactly(revision + 1);
    }

    @Test
    void oneConditionThatFailsDecidesWhereverItStands() {
        session("a").put("k", "1");
        List<Condition> conditions = List.of(cache("k", value("1")), cache("none", absent()));
        for (int place = 0; place <= conditions.size(); place++) {
            List<Condition> all = new ArrayList<>(conditions);
            all.add(place, cache("k", absent()));
            TransactionCommand.Builder transaction = then(put("then", "1", 0)).addAllConditions(all);
            assertThat(held(transaction))
                    .as("the one that fails is at %s", place)
                    .isFalse();
        }
        assertThat(session("a").get("then")).isEmpty();
    }

    @Test
    @Feature({"S-17", "PM-ATOM-4"})
    void aSumThatIsNoLongTakesEverythingBack() {
        session("a").open("x", "{\"n\":-9223372036854775807.5}");
        session("a").put("k", "9223372036854775807.5");
        for (Command sum : List.of(increment("k"), edit("x", Edit.increment("n", -1)))) {
            Outcome outcome = session("a").transact(then(put("new", "1", 0), sum));
            outcome.refused(ErrorCode.EBATCH, "OVERFLOW");
            assertThat(outcome.made()).isEmpty();
        }
        assertThat(session("a").get("new")).isEmpty();
        assertThat(session("a").get("k")).contains("9223372036854775807.5");
        assertThat(content("x")).isEqualTo("{\"n\":-9223372036854775807.5}");
    }

    @Test
    void theBranchIsChosenByAllConditionsAtOnce() {
        session("a").open("x", "{\"n\":1}");
        session("a").put("k", "1.0");
        long revision = session("a").document("x").getInfo().getRevision();
        TransactionCommand.Builder transaction = then(edit("x", Edit.set("", "by", "\"then\"")))
                .addOtherwise(edit("x", Edit.set("", "by", "\"else\"")))
                .addConditions(cache("k", value("1")))
                .addConditions(cache("none", absent()))
                .addConditions(document("x", Expectation.newBuilder().setRevision(revision)))
                .addConditions(document("x", value("1"), "n"))
                .addConditions(document("x", absent(), "by"));
        assertThat(held(transaction)).isTrue();
        assertThat(content("x")).isEqualTo("{\"n\":1,\"by\":\"then\"}");
        assertThat(held(transaction)).isFalse();
        assertThat(content("x")).isEqualTo("{\"n\":1,\"by\":\"else\"}");
        assertThat(held(TransactionCommand.newBuilder().addConditions(document("none", absent()))))
                .isTrue();
        assertThat(held(TransactionCommand.newBuilder()
                        .addConditions(cache("none", Expectation.newBuilder().setAbsentOrNull(true)))))
                .isTrue();
    }

    @Test
    void aLockCanBeACondition() {
        long token = session("a").acquire("l").token();
        Guard guard = Guard.newBuilder()
                .setNamespace(NAMESPACE)
                .setLock("l")
                .setToken(token)
                .build();
        TransactionCommand.Builder transaction =
                then(put("k", "1", 0)).addConditions(Condition.newBuilder().setLock(guard));
        assertThat(held(transaction)).isTrue();
        session("a").release("l", token);
        assertThat(held(transaction)).isFalse();
    }

    @Test
    @Feature({"C-45", "A-48", "G-10"})
    void whatHasNothingToDoSucceedsAndMakesNoRevision() {
        session("a").open("d", "{\"n\":1}");
        session("a").transact(TransactionCommand.newBuilder()).changes();
        assertThat(held(TransactionCommand.newBuilder())).isTrue();
        assertThat(held(TransactionCommand.newBuilder().addConditions(cache("none", value("1")))))
                .isFalse();
        Outcome nothing = session("a").transact(then(edit("d"), edit("d", Edit.set("", "n", "1"))));
        nothing.gives(Reply.OutcomeCase.TRANSACTION);
        assertThat(nothing.made()).isEmpty();
        assertThat(nothing.reply().getTransaction().getRepliesCount()).isEqualTo(2);
    }

    @Test
    void whatCannotBeTakenBackIsRefused() {
        Command lock = Command.newBuilder()
                .setLock(LockCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .addNames("l")
                        .setAcquire(AcquireLock.getDefaultInstance()))
                .build();
        session("a").transact(then(lock)).refused(ErrorCode.EINVAL, "LOCK command, which cannot be taken back");
        session("a")
                .transact(then(put("k", "1", 0).toBuilder().setSessionId(1).build()))
                .refused(ErrorCode.EINVAL);
        session("a").transact(then(put("k", "oops", 0))).refused(ErrorCode.EINVAL);
        session("a").transact(then(Command.getDefaultInstance())).refused(ErrorCode.EINVAL);
        session("a")
                .transact(then(put("k", "1", 0)).addConditions(Condition.getDefaultInstance()))
                .refused(ErrorCode.EUNKNOWN);
        Outcome nested = session("a")
                .transact(then(Command.newBuilder()
                        .setTransaction(then(put("k", "1", 0)))
                        .build()));
        nested.refused(ErrorCode.EINVAL);
        assertThat(session("a").get("k")).isEmpty();
    }
}
