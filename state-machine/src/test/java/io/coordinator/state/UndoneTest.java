package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteTopic;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.PurgeTopic;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicEvent;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is done and then undone, since something throws at its end, leaves nothing in what is derived from rows. */
@Feature("R-24")
class UndoneTest extends TopicScript {
    private static final List<Settlement.Kind> KINDS = List.of(
            Settlement.Kind.ACKNOWLEDGE,
            Settlement.Kind.REJECT,
            Settlement.Kind.EXTEND,
            Settlement.Kind.BURY,
            Settlement.Kind.HAND_BACK);

    private static final List<String> SET = List.of("x", "y");

    /** Whether commands throw after they were applied. */
    private static final AtomicBoolean DEFECT = new AtomicBoolean();

    UndoneTest() {
        super(type -> new BrokenType(type, command -> DEFECT.get(), false));
    }

    /** The session for one command that is undone. */
    private Actor failing(String session) {
        Actor actor = session(session);
        DEFECT.set(true);
        return actor;
    }

    private void undone(Outcome outcome) {
        DEFECT.set(false);
        outcome.refused(ErrorCode.EINTERNAL).changes();
    }

    private void closesWithNothing(String session) {
        session(session).close().changes();
        assertThat(last().defects()).isEmpty();
        assertThat(core().hasWorkLeft()).isFalse();
    }

    @Test
    @Feature({"B-07", "G-4"})
    void aGrantThatIsUndoneIsNobodys() {
        undone(failing("a").acquire(SET, AcquireLock.newBuilder()));
        assertThat(session("a").held().getHeldList()).isEmpty();
        session("b").acquire(SET, AcquireLock.newBuilder()).gives(LockReply.OutcomeCase.GRANTED);
        undone(failing("a").acquire("x", 0, -1));
        assertThat(session("b").inspect("x").getWaiterCount()).isZero();
        closesWithNothing("a");
    }

    @Test
    @Feature({"B-07", "G-4"})
    void aReleaseThatIsUndoneFreesNothing() {
        long token = session("a").acquire(SET, AcquireLock.newBuilder()).token();
        undone(failing("a").release(SET, token));
        session("b").acquire("y").gives(LockReply.OutcomeCase.BUSY);
        assertThat(session("a").held().getHeldCount()).isEqualTo(2);
        long waiter = session("b").acquire("y", 0, -1).seq();
        undone(failing("b").cancelAcquire("y", waiter));
        session("a").close();
        session("b").hearsGrant();
    }

    @Test
    @Feature({"B-21", "G-4"})
    void permitsAreGivenAndGivenBackOnlyIfItIsKept() {
        undone(failing("a").permits("s", 1, 1, 0, 0));
        long token = session("b").permits("s", 1, 1, 0, 0).token();
        closesWithNothing("a");
        undone(failing("b").releasePermits("s", token));
        assertThat(session("b").inspectSemaphore("s").getHeld()).isEqualTo(1);
        session("c").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.BUSY);
        long waiter = session("c").permits("s", 1, 1, 0, -1).seq();
        undone(failing("c").cancelPermits("s", waiter));
        session("b").releasePermits("s", token);
        session("c").hearsPermits();
    }

    @Test
    @Feature({"A-25", "G-4"})
    void aBuildIsReservedAndCompletedOnlyIfItIsKept() {
        undone(failing("a").reserve("k", 60_000, 0));
        long token = session("b").reserve("k", 60_000, 0).token();
        closesWithNothing("a");
        undone(failing("b").complete("k", token, "1"));
        session("c").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        assertThat(count("buildsPending")).isEqualTo(1);
        session("b").complete("k", token, "2").gives(BuildReply.OutcomeCase.COMPLETED);
        assertThat(count("buildsPending")).isZero();
        session("c").heard();
        session("c").reserve("k", 60_000, 0).hit("2");
    }

    @Test
    @Feature({"B-27", "G-4"})
    void aDocumentBelongsToItsSessionOnlyIfItIsKept() {
        undone(failing("a").open("d", "1", DocumentKind.EPHEMERAL, 0));
        session("b").open("d", "2", DocumentKind.EPHEMERAL, 0);
        undone(failing("b").deleteDocument("d", 0));
        closesWithNothing("a");
        assertThat(session("c").document("d").getValue().toStringUtf8()).isEqualTo("2");
        session("b").close();
        assertThat(session("c").document("d").hasInfo()).isFalse();
    }

    @Test
    @Feature({"PM-RPC-3", "G-4"})
    void aCallIsGivenAndCompletedOnlyIfItIsKept() {
        undone(failing("w").send(CallScript.registerCommand("f", 1)));
        closesWithNothing("w");
        session("v").send(CallScript.registerCommand("f", 1));
        undone(failing("c").send(CallScript.callCommand("f", CallScript.PLAIN)));
        session("v").hears();
        session("c").send(CallScript.callCommand("f", CallScript.PLAIN));
        long token = session("v")
                .hears(RpcEvent.OutcomeCase.DISPATCHED)
                .get(0)
                .getRpc()
                .getDispatched()
                .getToken();
        session("d").send(CallScript.callCommand("f", CallScript.PLAIN));
        undone(failing("v").send(CallScript.completeCommand("f", CallScript.result(token))));
        assertThat(count("rpcCallsWaiting")).isEqualTo(1);
        session("v").send(CallScript.completeCommand("f", CallScript.result(token)));
        session("c").hears(RpcEvent.OutcomeCase.RETURNED);
        session("v").hears(RpcEvent.OutcomeCase.DISPATCHED);
        closesWithNothing("v");
        session("d").hears(RpcEvent.OutcomeCase.FAILED);
        assertThat(count("procedures")).isZero();
    }

    @Test
    @Feature({"B-25", "G-4"})
    void aMessageIsDeliveredAndSettledOnlyIfItIsKept() {
        for (boolean ordered : new boolean[] {false, true}) {
            String topic = "t" + ordered;
            session("a");
            group("a", topic, "g", GroupSettings.newBuilder().setOrderedByKey(ordered));
            undone(failing("w").send(joinCommand(topic)));
            join("w", topic, "g", 1);
            undone(failing("a").send(publishCommand(topic, "1", "2")));
            delivered("w");
            publishKeyed("a", topic, "k", "3", "4");
            LeasedMessage message = delivered("w", "3").get(0);
            for (Settlement.Kind kind : KINDS) {
                undone(failing("w").send(settleCommand(topic, settlement(message, kind))));
            }
            delivered("w");
            undone(failing("a").send(command(topic, b -> b.setPurge(PurgeTopic.getDefaultInstance()))));
            undone(failing("a").send(command(topic, b -> b.setDelete(DeleteTopic.getDefaultInstance()))));
            assertThat(summary(topic, "g").getLeased()).isEqualTo(1);
            assertThat(summary(topic, "g").getLag()).isEqualTo(2);
            assertThat(acknowledge("w", topic, "g", message)).isTrue();
            delivered("w", "4");
        }
        closesWithNothing("w");
        assertThat(count("groupMembers")).isZero();
    }

    @Test
    @Feature({"PM-N-2", "G-4"})
    void aProducerHasPublishedOnlyWhatIsKept() {
        produce("a", "t", "p", 1, "1");
        undone(failing("a").send(publishCommand("t", "2")));
        DEFECT.set(true);
        undone(produce("a", "t", "p", 2, "2"));
        DEFECT.set(true);
        undone(produce("a", "t", "q", 2, "2"));
        assertThat(inspectTopic("t").getSummary().getProducers()).isEqualTo(1);
        assertThat(offsets(produce("a", "t", "p", 2, "2"))).containsExactly(2L);
        assertThat(inspectTopic("t").getSummary().getBytes()).isEqualTo(2);
    }

    @Test
    @Feature({"B-25", "G-4"})
    void aTurnIsAMembersOnlyIfItIsKept() {
        session("w");
        group("a", "t", "g", GroupSettings.newBuilder().setExclusive(true));
        publish("a", "t", "1");
        undone(failing("w").send(joinCommand("t")));
        join("v", "t", "g", 1);
        session("v").hears(TopicEvent.OutcomeCase.TURN_STARTED, TopicEvent.OutcomeCase.DELIVERED);
        DEFECT.set(true);
        undone(group("a", "t", "g", GroupSettings.newBuilder()));
        join("w", "t", "g", 1);
        publish("a", "t", "2");
        assertThat(session("w").heard()).isEmpty();
    }

    private static Command.Builder joinCommand(String topic) {
        return command(
                topic, b -> b.setJoin(JoinGroup.newBuilder().setGroup("g").setCapacity(1)));
    }

    private static Command.Builder settleCommand(String topic, Settlement.Builder settlement) {
        return command(
                topic,
                b -> b.setSettle(SettleDeliveries.newBuilder().setGroup("g").addSettlements(settlement)));
    }
}
