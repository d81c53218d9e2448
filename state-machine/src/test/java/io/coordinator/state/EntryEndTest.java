package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An entry ends however many commands it has, each of which takes little. */
@Feature("C-04")
class EntryEndTest extends Script {
    private static final int COMMANDS = 2_000;
    /** Of one command when little is left. */
    private static final long SMALL = 5_000;

    @Test
    void manySmallCommandsOfOneEntryDoNotAddUpWithoutEnd() {
        withoutShadow();
        session("a").put("k", "[" + "1,".repeat(750) + "1]");
        Entry.Builder entry = Entry.newBuilder();
        for (int i = 0; i < COMMANDS; i++) {
            entry.addCommands(session("a").stamp(comparing()));
        }
        entry.addCommands(session("a").stamp(acknowledging()));
        List<Reply> replies = apply(entry).replies();
        assertThat(steps()).isBetween(Budget.ENTRY_STEPS_END, Budget.ENTRY_STEPS_END + SMALL);
        assertThat(replies.get(0).hasError()).isFalse();
        assertThat(replies.get(COMMANDS - 1).getError().getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(replies.get(COMMANDS - 1).getError().getMessage()).contains("try again");
        assertThat(replies.get(COMMANDS).getSession().hasAcknowledged()).isTrue();
        session("a").put("k", "2");
        assertThat(steps()).isLessThan(SMALL);
    }

    /** Costs a little less than what each command gets after many. */
    private static Command.Builder comparing() {
        Command.Builder command = Command.newBuilder();
        command.getCacheBuilder()
                .setNamespace(Actor.NAMESPACE)
                .setKey("k")
                .setCompareAndSet(CompareAndSet.newBuilder()
                        .setNext(ByteString.copyFromUtf8("1"))
                        .setExpect(Expectation.newBuilder().setValue(ByteString.copyFromUtf8("0"))));
        return command;
    }

    private static Command.Builder acknowledging() {
        return Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()));
    }
}
