package io.coordinator.state;

import static io.coordinator.protocol.CacheReply.OutcomeCase.COMPARED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.INCREMENTED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.WRITTEN;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GuardTest extends Script {

    @Test
    @Feature({"PM-FENCE-2", "PM-FENCE-3", "G-8"})
    void theLiveGrantsTokenPassesForEveryMutation() {
        long token = at(1_000).session("a").acquire("x").token();
        session("a").guardedBy("x", token).put("k", "1").gives(WRITTEN);
        session("a").guardedBy("x", token).increment("k", 1).gives(INCREMENTED);
        session("a")
                .guardedBy("x", token)
                .compareAndSet("k", Expectation.newBuilder().setAbsent(true), "1")
                .gives(COMPARED);
        session("a").guardedBy("x", token).delete("k").gives(DELETED);
        session("a").guardedBy("x", token).reserve("b", 100, 0).gives(BuildReply.OutcomeCase.BUILD);
        session("a").guardedBy("x", token).acquire("y").gives(GRANTED);
    }

    private static final List<String> Y = List.of("y");

    /** Something of every kind that changes something if it is let through. */
    static List<Function<Actor, Outcome>> mutations() {
        return List.of(
                a -> a.put("k", "2"),
                a -> a.putAll(PutValues.newBuilder()
                        .addValues(KeyedValue.newBuilder().setKey("k").setValue(Actor.json("2")))),
                a -> a.delete("k"),
                a -> a.increment("k", 1),
                a -> a.compareAndSet("k", Expectation.newBuilder().setValue(Actor.json("1")), "2"),
                a -> a.clear("k"),
                a -> a.configure(1, 0, 0),
                a -> a.acquire("y"),
                a -> a.force(List.of("held"), 0, "op"),
                a -> a.permits("s", 1, 1, 0, 0),
                a -> a.resize("s", 3),
                a -> a.reserve("b", 100, 0),
                a -> a.putBuild("b", "1"),
                a -> a.deleteBuild("built"),
                a -> a.clearBuilds("built"),
                a -> a.open("new", "{}"),
                a -> a.push("doc", "list", "1"),
                a -> a.deleteDocument("doc", 0),
                a -> a.transact(TransactionCommand.newBuilder().addThen(a.putCommand("k", "2"))),
                a -> a.send(TopicScript.publishCommand("t", "1")),
                a -> a.send(CallScript.callCommand("f", CallScript.PLAIN)),
                a -> a.send(JobScript.command(b -> JobScript.submitting(b, JobScript.newJob("")))),
                a -> a.send(ScheduleScript.schedule(
                        b -> b.setSet(SetSchedule.newBuilder().setSettings(ScheduleScript.everySecond())))),
                a -> a.send(ScheduleScript.schedule(b -> b.setDelete(DeleteSchedule.getDefaultInstance()))));
    }

    @Test
    @Feature({"A-01", "G-8", "B-11", "PM-FENCE-2"})
    void everyMutationIsFencedAlike() {
        long dead = at(1_000).session("a").acquire("x").token();
        session("a").release("x", dead);
        long live = session("a").acquire("x").token();
        Set<Command.BodyCase> seen =
                EnumSet.of(Command.BodyCase.SESSION, Command.BodyCase.CLUSTER, Command.BodyCase.BODY_NOT_SET);
        for (Function<Actor, Outcome> mutation : mutations()) {
            prepare();
            mutation.apply(session("a").guardedBy("x", dead))
                    .refused(ErrorCode.EFENCED, "\"x\"")
                    .changes();
            Command sent = session("a").sent();
            seen.add(sent.getBodyCase());
            Outcome let = mutation.apply(session("a").guardedBy("x", live));
            assertThat(let.reply().hasError()).as("%s", sent).isFalse();
            // Settings and calls are no changes that anybody watches.
            assertThat(let.made().isEmpty() && !sent.getCache().hasConfigure() && !sent.hasRpc())
                    .as("nothing came of %s", sent)
                    .isFalse();
            if (let.reply().getLock().hasGranted()) {
                session("a").release(Y, let.token());
            }
        }
        assertThat(seen).as("every kind of command").containsExactlyInAnyOrder(Command.BodyCase.values());
    }

    /** What the next of them changes. */
    private void prepare() {
        session("b").put("k", "1");
        session("b").open("doc", "{\"list\":[]}");
        session("b").deleteDocument("new", 0);
        session("b").putBuild("built", "1");
        session("b").deleteBuild("b");
        session("b").acquire("held");
        session("b").resize("s", 20);
        session("b").send(CallScript.registerCommand("f", 10));
    }

    @Test
    @Feature({"S-27", "A-01", "PM-FENCE-2"})
    void theTokenOfAnOvertakenHolderIsFenced() {
        long a = at(1_000).session("a").acquire("x", 1_000, 0).token();
        long b = at(2_000).session("b").acquire("x").token();

        Outcome refused = session("a").guardedBy("x", a).put("k", "\"a\"").refused(ErrorCode.EFENCED, "\"x\"");

        assertThat(refused.reply().getError().getCurrentToken()).isEqualTo(b);
        refused.changes();
        session("b").guardedBy("x", b).put("k", "\"b\"").gives(WRITTEN);
        assertThat(session("a").get("k")).hasValue("\"b\"");
    }

    @Test
    @Feature({"S-28", "A-01", "PM-FENCE-5"})
    void anEndedGrantIsFencedEvenIfNobodyTookOver() {
        long expired = at(1_000).session("a").acquire("x", 1_000, 0).token();
        at(2_000).session("a").guardedBy("x", expired).put("k", "1").refused(ErrorCode.EFENCED);

        long released = session("a").acquire("x").token();
        session("a").release("x", released);
        session("a").guardedBy("x", released).put("k", "1").refused(ErrorCode.EFENCED);
    }

    @Test
    @Feature({"S-29", "PM-FENCE-6", "PM-FENCE-7"})
    void aTokenThatWasNeverIssuedIsFencedAndHarmsNobody() {
        long token = at(1_000).session("a").acquire("x").token();
        session("b").guardedBy("x", token + 1_000).put("k", "1").refused(ErrorCode.EFENCED);
        session("b").guardedBy("x", 0).put("k", "1").refused(ErrorCode.EFENCED);
        session("b").guardedBy("free", 0).put("k", "1").refused(ErrorCode.EFENCED);
        session("a").guardedBy("x", token).put("k", "1").gives(WRITTEN);
    }

    @Test
    @Feature({"A-01", "G-5"})
    void aFencedCommandUsesUpItsSeqAndIsRememberedAsRefused() {
        session("a").guardedBy("x", 5).put("k", "1").refused(ErrorCode.EFENCED);
        Outcome first = session("a").again().refused(ErrorCode.EFENCED);
        assertThat(session("a").again().reply()).isEqualTo(first.reply());
        session("a").put("k", "2").gives(WRITTEN);
    }

    @Test
    @Feature("G-8")
    void aGuardIsCheckedWhenItsCommandIsReachedInTheBatch() {
        long token = at(1_000).session("a").acquire("x").token();
        Actor a = session("a");
        Entry.Builder entry = Entry.newBuilder()
                .addCommands(a.guardedBy("x", token).stamp(a.putCommand("k", "1")))
                .addCommands(a.stamp(a.releaseCommand("x", token)))
                .addCommands(a.guardedBy("x", token).stamp(a.putCommand("k", "2")));

        apply(entry);

        assertThat(last().replies().get(0).getCache().hasWritten()).isTrue();
        assertThat(last().replies().get(2).getError().getCode()).isEqualTo(ErrorCode.EFENCED);
        assertThat(session("b").get("k")).hasValue("1");
    }

    @Test
    @Feature("PM-SHARD-5")
    void theGuardingLockAndTheKeyNeedNotBeRelated() {
        long token = session("a").acquire("some/lock").token();
        session("a").guardedBy("some/lock", token).put("other:key", "1").gives(WRITTEN);
        assertThat(session("b").get("other:key")).hasValue("1");
    }

    @Test
    void aGuardMustNameItsLock() {
        session("a").guardedBy("", 1).put("k", "1").refused(ErrorCode.EINVAL, "guard lock");
    }
}
