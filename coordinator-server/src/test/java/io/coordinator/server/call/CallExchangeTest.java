package io.coordinator.server.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.EphemeralDispatch;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ServeProcedure;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.TopicHello;
import io.coordinator.server.session.ClientStream;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.side.SideStage;
import io.coordinator.server.support.HandNode;
import io.coordinator.server.support.SentFrames;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets which ephemeral call, what becomes of it, and what it may take. */
class CallExchangeTest {
    private static final long GRACE_MILLIS = 5_000;

    private final CallStreams streams = new CallStreams();
    private final HandNode node = streams.stage.node();
    private int sessions;

    @BeforeEach
    void lead() {
        node.proposer().open();
        node.gate().open();
        node.gateway().prepare();
        node.gateway().open();
    }

    @AfterEach
    void close() {
        assertThat(streams.exchange.inFlight()).isNotNegative();
        streams.close();
        assertThat(node.bug()).isEmpty();
    }

    private static ByteString secret(long session) {
        return ByteString.copyFromUtf8("0123456789abcdef" + session);
    }

    private static ByteString text(String json) {
        return ByteString.copyFromUtf8(json);
    }

    private static ByteString ofSize(int bytes) {
        return text("\"" + "x".repeat(bytes - 2) + "\"");
    }

    private long session() {
        sessions++;
        SentFrames sent = new SentFrames();
        ClientStream stream = node.gateway().connect(sent);
        Hello hello = Hello.newBuilder()
                .setVersionMin(1)
                .setVersionMax(1)
                .setClientName("client " + sessions)
                .setResumeToken(secret(sessions))
                .build();
        stream.received(ClientFrame.newBuilder().setHello(hello).build(), 0);
        node.commit();
        return Awaitility.await()
                .until(() -> sent.all().stream().filter(ServerFrame::hasWelcome).findFirst(), Optional::isPresent)
                .orElseThrow()
                .getWelcome()
                .getSessionId();
    }

    private Client welcome() {
        Client client = new Client();
        client.say(CallClientFrame.newBuilder()
                .setHello(TopicHello.newBuilder()
                        .setVersionMin(1)
                        .setVersionMax(1)
                        .setSessionId(session())
                        .setResumeToken(secret(sessions))));
        assertThat(client.sink.sent.get(0).getWelcome().getTerm()).isEqualTo(7);
        return client;
    }

    /** A client that calls and serves, seen from the node. */
    private final class Client {
        final SideStage.Sink<CallServerFrame> sink = streams.sink();
        final CallStream stream = streams.exchange.connect(sink);

        Client say(CallClientFrame.Builder frame) {
            stream.received(frame.build());
            streams.run();
            return this;
        }

        Client serve(long id, String name, int concurrency) {
            return serve(id, name, concurrency, 0);
        }

        Client serve(long id, String name, int concurrency, int backlogMax) {
            return say(CallClientFrame.newBuilder()
                    .addServe(ServeProcedure.newBuilder()
                            .setId(id)
                            .setNamespace("n")
                            .setName(name)
                            .setConcurrency(concurrency)
                            .setBacklogMax(backlogMax)));
        }

        Client call(long id, String name, String json) {
            return call(CallExchangeTest.call(id, name).setArguments(text(json)));
        }

        Client call(EphemeralCall.Builder call) {
            return say(CallClientFrame.newBuilder().addCalls(call));
        }

        Client complete(long token, String json) {
            return outcome(CompleteCall.newBuilder().setToken(token).setResult(text(json)));
        }

        Client outcome(CompleteCall.Builder outcome) {
            return say(CallClientFrame.newBuilder().addOutcomes(outcome));
        }

        List<EphemeralDispatch> dispatched() {
            return sink.sent.stream()
                    .flatMap(frame -> frame.getDispatchedList().stream())
                    .toList();
        }

        List<String> arguments() {
            return dispatched().stream()
                    .map(each -> each.getCall().getArguments().toStringUtf8())
                    .toList();
        }

        /** Of the call that was dispatched as the number says, from 0. */
        long token(int number) {
            return dispatched().get(number).getCall().getToken();
        }

        List<EphemeralOutcome> outcomes() {
            return sink.sent.stream()
                    .flatMap(frame -> frame.getOutcomesList().stream())
                    .toList();
        }

        EphemeralOutcome outcome(long id) {
            return outcomes().stream()
                    .filter(each -> each.getId() == id)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no outcome of " + id + " in " + outcomes()));
        }

        List<CallRevoked.Reason> revoked() {
            return sink.sent.stream()
                    .flatMap(frame -> frame.getRevokedList().stream())
                    .map(CallRevoked::getReason)
                    .toList();
        }

        ErrorCode goodbye() {
            CallServerFrame last = sink.sent.get(sink.sent.size() - 1);
            assertThat(last.hasGoodbye()).as("a goodbye: %s", last).isTrue();
            assertThat(sink.ended).isTrue();
            return last.getGoodbye().getCode();
        }
    }

    private static EphemeralCall.Builder call(long id, String name) {
        return EphemeralCall.newBuilder()
                .setId(id)
                .setNamespace("n")
                .setName(name)
                .setArguments(text("1"));
    }

    @Test
    @Feature({"A-21", "PM-RPC-3", "PM-RPC-6"})
    void aCallGoesToItsWorkerAndItsResultBack() {
        Client worker = welcome().serve(5, "echo", 2);
        Client caller = welcome().call(9, "echo", "{\"a\": 1}");
        EphemeralDispatch dispatch = worker.dispatched().get(0);
        assertThat(dispatch.getId()).isEqualTo(5);
        assertThat(dispatch.getCall().getArguments()).isEqualTo(text("{\"a\": 1}"));
        assertThat(dispatch.getCall().getCallerName()).isEqualTo("client 2");
        assertThat(dispatch.getCall().getAttempt()).isEqualTo(1);
        assertThat(dispatch.getCall().getRemainingMillis()).isEqualTo(30_000);
        assertThat(streams.exchange.inFlight()).isEqualTo(1);

        worker.say(CallClientFrame.newBuilder()
                .addProgress(ReportCallProgress.newBuilder()
                        .setToken(worker.token(0))
                        .setValue(text("50"))));
        assertThat(caller.sink.sent.stream().flatMap(frame -> frame.getProgressList().stream()))
                .extracting(each -> each.getId() + " " + each.getValue().toStringUtf8())
                .containsExactly("9 50");
        worker.complete(worker.token(0), "[2]").complete(worker.token(0), "[3]");
        assertThat(caller.outcomes())
                .extracting(each -> each.getId() + " " + each.getResult().toStringUtf8())
                .containsExactly("9 [2]");

        caller.call(10, "echo", "1");
        worker.outcome(CompleteCall.newBuilder()
                .setToken(worker.token(1))
                .setFailure(RemoteFailure.newBuilder().setCode("EX").setMessage("why")));
        assertThat(caller.outcome(10).getFailed().getFailure().getCode()).isEqualTo("EX");
        assertThat(streams.exchange.inFlight()).isZero();
        assertThat(streams.exchange.bytes()).isZero();
    }

    @Test
    @Feature({"PM-RPC-4", "PM-RPC-13"})
    void theWorkerWithTheFewestGetsACallAndNoneMoreThanItSays() {
        Client first = welcome().serve(1, "t", 2);
        Client second = welcome().serve(1, "t", 2);
        Client caller = welcome();
        for (int id = 1; id <= 6; id++) {
            caller.call(id, "t", String.valueOf(id));
        }
        assertThat(first.arguments()).containsExactly("1", "3");
        assertThat(second.arguments()).containsExactly("2", "4");
        assertThat(streams.exchange.waiting()).isEqualTo(2);
        second.complete(second.token(0), "0");
        assertThat(second.arguments()).containsExactly("2", "4", "5");
        second.complete(second.token(1), "0").complete(second.token(2), "0");
        assertThat(second.arguments()).containsExactly("2", "4", "5", "6");
        caller.call(7, "t", "7");
        first.complete(first.token(0), "0").complete(first.token(1), "0");
        second.complete(second.token(3), "0");
        caller.call(8, "t", "8");
        assertThat(first.arguments()).as("its last call is longest ago").containsExactly("1", "3", "8");
    }

    @Test
    @Feature({"PM-RPC-5", "A-21"})
    void thatNobodyServesANameIsToldOnlyWhenTheStateSaysSo() {
        Client caller = welcome().call(1, "t", "1");
        caller.call(2, "t", "2");
        assertThat(caller.outcomes()).isEmpty();
        assertThat(streams.askers).as("one question for all").hasSize(1);
        streams.registered(0);
        assertThat(caller.outcome(1).getRefused().getCode()).isEqualTo(ErrorCode.ENOHANDLER);
        assertThat(caller.outcomes()).as("it came after the question").hasSize(1);
        streams.registered(0);
        assertThat(caller.outcome(2).getRefused().getCode()).isEqualTo(ErrorCode.ENOHANDLER);
        assertThat(streams.exchange.refused()).isEqualTo(2);

        caller.call(3, "t", "3");
        streams.registered(1);
        assertThat(caller.outcomes()).as("the worker is on its way").hasSize(2);
        streams.pass(1_000);
        streams.registered(1);
        Client worker = welcome().serve(1, "t", 1);
        assertThat(worker.arguments()).containsExactly("3");

        caller.call(4, "u", "4");
        for (int i = 0; i < 12; i++) {
            streams.registered(1);
            streams.pass(1_000);
        }
        streams.registered(1);
        assertThat(caller.outcome(4).getRefused().getCode()).isEqualTo(ErrorCode.ENOHANDLER);
    }

    @Test
    @Feature("PM-RPC-5")
    void aCallWaitsForAWorkerIfItSaysSo() {
        Client caller = welcome()
                .call(call(1, "t").setWaitForWorkerMillis(2_000))
                .call(call(2, "t").setWaitForWorkerMillis(-1).setTimeoutMillis(4_000));
        assertThat(streams.askers).isEmpty();
        streams.pass(2_000);
        streams.registered(0);
        assertThat(caller.outcome(1).getFailed().getReason()).isEqualTo(CallFailed.Reason.NO_WORKER);
        assertThat(caller.outcomes()).hasSize(1);
        Client worker = welcome().serve(1, "t", 1);
        assertThat(worker.dispatched()).hasSize(1);
        assertThat(worker.dispatched().get(0).getCall().getRemainingMillis()).isEqualTo(2_000);
    }

    @Test
    @Feature({"PM-RPC-8", "PM-RPC-10", "S-72"})
    void aWorkerThatHangsIsGivenOtherCallsAfterTheGrace() {
        Client worker = welcome().serve(1, "t", 1);
        Client caller = welcome().call(call(1, "t").setTimeoutMillis(1_000)).call(call(2, "t"));
        streams.pass(999);
        assertThat(caller.outcomes()).isEmpty();
        streams.pass(1);
        assertThat(caller.outcome(1).getFailed().getReason()).isEqualTo(CallFailed.Reason.TIMED_OUT);
        assertThat(worker.revoked()).containsExactly(CallRevoked.Reason.TIMED_OUT);
        streams.pass(GRACE_MILLIS - 1);
        assertThat(worker.dispatched()).hasSize(1);
        streams.pass(1);
        assertThat(worker.dispatched()).hasSize(2);
        worker.complete(worker.token(0), "\"late\"");
        assertThat(caller.outcomes()).hasSize(1);
        worker.complete(worker.token(1), "2");
        assertThat(caller.outcome(2).getResult()).isEqualTo(text("2"));
        assertThat(streams.exchange.timedOut()).isEqualTo(1);
        assertThat(streams.exchange.bytes()).isZero();
    }

    @Test
    @Feature({"PM-RPC-10", "PM-RPC-11"})
    void aCallThatIsTakenBackFreesItsWorkerWhenThatHasStopped() {
        Client worker = welcome().serve(1, "t", 1);
        Client caller = welcome().call(1, "t", "1").call(2, "t", "2").call(3, "t", "3");
        caller.say(CallClientFrame.newBuilder().addCancel(1).addCancel(2).addCancel(77));
        assertThat(worker.revoked()).containsExactly(CallRevoked.Reason.CANCELLED);
        assertThat(worker.dispatched()).hasSize(1);
        worker.outcome(CompleteCall.newBuilder().setToken(worker.token(0)).setCancelled(true));
        assertThat(worker.arguments()).containsExactly("1", "3");
        assertThat(caller.outcomes()).isEmpty();
        caller.stream.gone();
        streams.run();
        assertThat(worker.revoked()).containsExactly(CallRevoked.Reason.CANCELLED, CallRevoked.Reason.CALLER_GONE);
        streams.pass(GRACE_MILLIS);
        assertThat(streams.exchange.inFlight()).isZero();
        assertThat(streams.exchange.bytes()).isZero();
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-12", "A-21"})
    void theCallsOfAWorkerThatIsGoneFailUnlessTheyMayRunAgain() {
        Client lost = welcome().serve(1, "t", 5);
        Client caller = welcome().call(1, "t", "1").call(call(2, "t").setIdempotent(true));
        assertThat(lost.dispatched()).hasSize(2);
        Client other = welcome().serve(1, "t", 5);
        lost.stream.gone();
        streams.run();
        assertThat(caller.outcome(1).getFailed().getReason()).isEqualTo(CallFailed.Reason.WORKER_GONE);
        assertThat(caller.outcomes()).hasSize(1);
        assertThat(other.dispatched()).hasSize(1);
        assertThat(other.dispatched().get(0).getCall().getAttempt()).isEqualTo(2);
        lost.complete(lost.token(1), "1");
        assertThat(caller.outcomes()).as("from who has lost it").hasSize(1);
        other.complete(other.token(0), "2");
        assertThat(caller.outcome(2).getResult()).isEqualTo(text("2"));
    }

    @Test
    @Feature("PM-RPC-2")
    void whoServesNoLongerCompletesWhatItHasAndHandsTheRestBack() {
        Client leaving = welcome().serve(1, "t", 5);
        Client caller = welcome().call(1, "t", "1").call(2, "t", "2");
        Client other = welcome().serve(1, "t", 5);
        leaving.say(CallClientFrame.newBuilder()
                .addStopServing(1)
                .addOutcomes(
                        CompleteCall.newBuilder().setToken(leaving.token(1)).setHandedBack(true)));
        assertThat(other.arguments()).containsExactly("2");
        assertThat(other.dispatched().get(0).getCall().getAttempt())
                .as("nothing has run")
                .isEqualTo(1);
        caller.call(3, "t", "3");
        assertThat(leaving.dispatched()).hasSize(2);
        leaving.complete(leaving.token(0), "\"done\"");
        assertThat(caller.outcome(1).getResult()).isEqualTo(text("\"done\""));
    }

    @Test
    @Feature({"PM-RPC-13", "C-07", "A-21"})
    void whatCallsTakeIsBounded() {
        Client worker = welcome().serve(1, "t", 1, 3);
        Client caller = welcome();
        for (int id = 1; id <= 5; id++) {
            caller.call(id, "t", "1");
        }
        assertThat(caller.outcomes()).extracting(EphemeralOutcome::getId).containsExactly(5L);
        assertThat(caller.outcome(5).getRefused().getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(caller.outcome(5).getRefused().getRetryAfterMillis()).isPositive();
        assertThat(worker.dispatched()).hasSize(1);

        Client large = welcome();
        for (int id = 1; id <= 4; id++) {
            large.call(call(id, "u").setArguments(ofSize(9_000)).setWaitForWorkerMillis(-1));
        }
        assertThat(large.outcomes())
                .as("a quarter of the memory")
                .extracting(EphemeralOutcome::getId)
                .containsExactly(4L);
        Client many = welcome();
        for (int id = 1; id <= 60; id++) {
            many.call(call(id, "v").setWaitForWorkerMillis(-1));
        }
        assertThat(many.outcomes()).hasSize(10);
        Client second = welcome();
        Client third = welcome();
        for (int id = 1; id <= 3; id++) {
            second.call(call(id, "u").setArguments(ofSize(9_000)).setWaitForWorkerMillis(-1));
            third.call(call(id, "u").setArguments(ofSize(9_000)).setWaitForWorkerMillis(-1));
        }
        assertThat(third.outcomes()).as("the node's memory is full").isNotEmpty();
        assertThat(streams.exchange.bytes()).isBetween(100_000L, 120_000L);
        List.of(large, many, second, third, caller, worker).forEach(client -> client.stream.gone());
        streams.run();
        streams.pass(GRACE_MILLIS);
        assertThat(streams.exchange.bytes()).isZero();
        assertThat(streams.exchange.waiting()).isZero();
    }

    @Test
    @Feature("A-21")
    void resultsThatTheirCallerDoesNotTakeAreDropped() {
        Client worker = welcome().serve(1, "t", 20);
        Client caller = welcome();
        for (int id = 1; id <= 10; id++) {
            caller.call(id, "t", "1");
        }
        caller.sink.takenMax = caller.sink.sent.size();
        for (int i = 0; i < 10; i++) {
            worker.outcome(CompleteCall.newBuilder().setToken(worker.token(i)).setResult(ofSize(6_000)));
        }
        int read = caller.sink.requested;
        caller.call(11, "t", "1");
        assertThat(caller.sink.requested).as("it is not read from").isEqualTo(read);
        caller.sink.takenMax = Integer.MAX_VALUE;
        caller.stream.ready();
        assertThat(caller.sink.requested).isEqualTo(read + 1);
        assertThat(caller.outcomes()).hasSize(10);
        assertThat(caller.outcomes().stream().filter(EphemeralOutcome::hasResult))
                .hasSizeBetween(3, 4);
        assertThat(caller.outcome(10).getFailed().getFailure().getCode()).isEqualTo("EBUSY");
        caller.stream.gone();
        streams.run();
        streams.pass(GRACE_MILLIS);
        assertThat(streams.exchange.bytes()).isZero();
    }

    @Test
    @Feature({"C-03", "C-07"})
    void whatIsBadIsRefusedAlone() {
        Client worker =
                welcome().serve(1, "t", 5).serve(1, "u", 5).serve(2, "u", 0).serve(3, "", 1);
        assertThat(worker.sink.sent.stream()
                        .flatMap(frame -> frame.getServedList().stream())
                        .filter(each -> each.hasError())
                        .map(each -> each.getError().getCode()))
                .containsExactly(ErrorCode.EINVAL, ErrorCode.EINVAL, ErrorCode.EINVAL);
        Client caller = welcome()
                .say(CallClientFrame.newBuilder()
                        .addCalls(call(1, "t").setArguments(text("{")))
                        .addCalls(call(2, "t").setArguments(ByteString.EMPTY))
                        .addCalls(call(3, "t\0"))
                        .addCalls(call(4, "t").setTimeoutMillis(-1))
                        .addCalls(call(5, "t"))
                        .addCalls(call(5, "t"))
                        .addCalls(call(6, "t").setArguments(ofSize((1 << 20) + 1))));
        assertThat(caller.outcomes()).hasSize(6);
        assertThat(caller.outcomes()).allMatch(EphemeralOutcome::hasRefused);
        assertThat(caller.outcome(6).getRefused().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
        assertThat(worker.dispatched()).hasSize(1);

        worker.complete(worker.token(0), "[");
        assertThat(caller.outcomes()).hasSize(7);
        assertThat(caller.outcomes().get(6).getFailed().getFailure().getCode()).isEqualTo("EINVAL");
        assertThat(worker.sink
                        .sent
                        .get(worker.sink.sent.size() - 1)
                        .getRefused(0)
                        .getError()
                        .getCode())
                .isEqualTo(ErrorCode.EINVAL);
        assertThat(streams.exchange.inFlight()).isZero();
        caller.call(7, "t", "1");
        worker.outcome(CompleteCall.newBuilder().setToken(worker.token(1)).setResult(ofSize((1 << 20) + 1)));
        assertThat(caller.outcome(7).getFailed().getFailure().getCode()).isEqualTo("ETOOLARGE");
    }

    @Test
    @Feature({"C-11", "G-4", "A-21"})
    void strangersAreNotHeardAndADeposedLeaderSaysSo() {
        assertThat(new Client().call(1, "t", "1").goodbye()).isEqualTo(ErrorCode.EINVAL);
        Client worker = welcome().serve(1, "t", 5);
        Client caller = welcome().call(1, "t", "1");
        streams.stage.leads().state = LeaderView.State.ELSEWHERE;
        caller.call(2, "t", "1");
        assertThat(caller.goodbye()).isEqualTo(ErrorCode.ENOTLEADER);
        node.gateway().close();
        streams.run();
        assertThat(worker.goodbye()).isEqualTo(ErrorCode.ENOTLEADER);
        streams.pass(GRACE_MILLIS);
        assertThat(streams.exchange.bytes()).isZero();
        assertThat(streams.exchange.inFlight()).isZero();
    }
}
