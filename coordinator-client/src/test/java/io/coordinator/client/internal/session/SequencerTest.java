package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@Feature("G-5")
class SequencerTest {
    private final List<CoordinatorException> failures = new ArrayList<>();
    private final Sequencer sequencer = new Sequencer(new Session(System::nanoTime), (call, why) -> failures.add(why));

    @Test
    void queuedCallsLeaveInOneFrameWithContiguousNumbers() {
        add(3);

        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(1L, 2L, 3L);
        assertThat(sequencer.fill(ClientFrame.newBuilder(), 0)).isFalse();
    }

    @Test
    void rewindRepeatsWhatIsUnansweredAndOnlyThat() {
        add(4);
        frame();
        reply(1);
        reply(3);
        add(1);

        sequencer.rewind();

        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(2L, 4L, 5L);
    }

    @Test
    void acknowledgementCoversOnlyAnUnbrokenRow() {
        add(3);
        frame();
        reply(1);
        reply(3);
        add(2);
        assertThat(frame().getCommandsList()).extracting(Command::getAckedSeq).containsExactly(1L, 1L);

        reply(2);
        add(1);
        assertThat(frame().getCommands(0).getAckedSeq()).isEqualTo(3);
    }

    @Test
    void queryWaitsForTheCommandsBeforeIt() {
        add(2);
        TestQuery query = new TestQuery();
        sequencer.add(query);
        add(1);

        Query sent = frame().getQueries(0);

        assertThat(sent.getAfterSeq()).isEqualTo(2);
        Answer answer = Answer.newBuilder().setId(sent.getId()).build();
        assertThat(sequencer.answered(answer)).isSameAs(query);
        assertThat(sequencer.answered(answer)).isNull();
    }

    @Test
    void queryWithNothingOutstandingWaitsForNothing() {
        add(2);
        frame();
        reply(1);
        reply(2);
        sequencer.add(new TestQuery());

        assertThat(frame().getQueries(0).getAfterSeq()).isZero();
    }

    @Test
    void unansweredQueriesAreAskedAgainInOrder() {
        List<TestQuery> queries = List.of(new TestQuery(), new TestQuery(), new TestQuery());
        queries.forEach(sequencer::add);
        frame();
        sequencer.forget(queries.get(1));

        sequencer.rewind();

        assertThat(frame().getQueriesCount()).isEqualTo(2);
        assertThat(queries.get(0).id).isLessThan(queries.get(2).id);
    }

    @Test
    void windowBoundsWhatIsInFlight() {
        add(ReplyWindow.COMMANDS_MAX + 10);
        int sent = 0;
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        while (sequencer.fill(frame, 0)) {
            sent += frame.getCommandsCount();
            frame = ClientFrame.newBuilder();
        }
        assertThat(sent).isEqualTo(ReplyWindow.COMMANDS_MAX);

        reply(1);
        assertThat(frame().getCommandsList()).hasSize(1);
    }

    @Test
    @Feature("C-29")
    void whatIsTurnedBackGoesAgainWithWhatHasBeenReceivedSince() {
        add(4);
        frame();
        reply(1);
        reply(2);

        turnedBack(3);
        add(1);
        assertThat(sequencer.mayGoAgain(turnedBackReply(3))).isFalse();
        assertThat(sequencer.fill(ClientFrame.newBuilder(), 0)).isFalse();
        turnedBack(4);
        assertThat(sequencer.mayGoAgain(turnedBackReply(4))).isTrue();
        sequencer.goAgain();

        // Two of four were taken, so one at a time is sure to be.
        for (long seq = 3; seq <= 5; seq++) {
            Command again = frame().getCommands(0);
            assertThat(again.getSeq()).isEqualTo(seq);
            assertThat(again.getAckedSeq()).isEqualTo(seq - 1);
            assertThat(sequencer.fill(ClientFrame.newBuilder(), 0)).isFalse();
            reply(seq);
        }
    }

    @Test
    @Feature("C-29")
    void turnsInVainAreCounted() {
        add(2);
        frame();
        for (int turn = 0; turn < 3; turn++) {
            turnedBack(1);
            assertThat(sequencer.turnsInVain()).isEqualTo(turn);
            sequencer.goAgain();
            frame();
        }
        reply(1);
        frame();
        turnedBack(2);
        assertThat(sequencer.turnsInVain()).isZero();
    }

    @Test
    @Feature("C-29")
    void bytesAreUnacknowledgedUntilTheNextCommand() {
        add(1);
        frame();
        reply(1);
        sequencer.told(Event.newBuilder().setNumber(1).build());
        assertThat(sequencer.unacknowledgedBytes()).isEqualTo(4);

        add(1);
        frame();
        assertThat(sequencer.unacknowledgedBytes()).isZero();
    }

    @Test
    void withdrawnCallLeavesNoGap() {
        TestCommand first = new TestCommand();
        sequencer.add(first);
        add(1);
        first.finished = true;

        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(1L);
        assertThat(first.seq()).isZero();
    }

    @Test
    void commandOfAnotherSessionIsNotNumbered() {
        sequencer.add(new TestCommand().boundTo(new Session(System::nanoTime)));
        add(1);

        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(1L);
        assertThat(failures).hasSize(1).hasOnlyElementsOfType(SessionExpiredException.class);
    }

    @Test
    void commandThatIsTooLargeIsNotNumbered() {
        sequencer.limitRequestBytes(TestCommand.BYTES - 1);
        add(1);
        assertThat(sequencer.fill(ClientFrame.newBuilder(), 0)).isFalse();
        assertThat(failures).hasSize(1).hasOnlyElementsOfType(PayloadTooLargeException.class);

        sequencer.limitRequestBytes(0);
        add(1);
        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(1L);
    }

    @Test
    void newSessionStartsItsNumbersAgain() {
        add(2);
        frame();
        assertThat(sequencer.takeNumbered()).hasSize(2);
        sequencer.replace(new Session(System::nanoTime));
        add(1);

        assertThat(frame().getCommandsList()).extracting(Command::getSeq).containsExactly(1L);
    }

    private void add(int commands) {
        for (int i = 0; i < commands; i++) {
            sequencer.add(new TestCommand());
        }
    }

    private ClientFrame frame() {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        assertThat(sequencer.fill(frame, 0)).isTrue();
        return frame.build();
    }

    private void reply(long seq) {
        Reply reply = Reply.newBuilder().setSeq(seq).build();
        assertThat(sequencer.replied(reply)).isNotNull();
        assertThat(sequencer.replied(reply)).isNull();
    }

    private void turnedBack(long seq) {
        sequencer.turnedBack(turnedBackReply(seq));
    }

    private static Reply turnedBackReply(long seq) {
        Reply.Builder reply = Reply.newBuilder().setSeq(seq);
        reply.getErrorBuilder().setCode(ErrorCode.EOUTOFORDER);
        return reply.build();
    }

    private static final class TestCommand extends CommandCall {
        static final int BYTES = 10;

        TestCommand() {
            super(Command.newBuilder(), BYTES);
        }

        @Override
        protected void onReply(Reply reply) {}

        @Override
        protected void onFailure(CoordinatorException why) {}

        @Override
        protected void onDeadline(CoordinatorException why) {}
    }

    private static final class TestQuery extends QueryCall {
        TestQuery() {
            super(Query.newBuilder());
        }

        @Override
        protected void onAnswer(Answer answer) {}

        @Override
        protected void onFailure(CoordinatorException why) {}
    }
}
