package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.state.kernel.DataType;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What throws inside one command is undone, answered and told, and hurts nothing else. */
@Feature("R-24")
class DefectsTest {

    /** A generated log in which one command in five throws after it was applied, beside the same log without these. */
    @RepeatedTest(20)
    void whatThrowsLeavesNoTrace() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("DefectsTest runs with -Dseed=" + seed);
        State soundState = new State();
        State hitState = new State(type -> new BrokenType(type, command -> isHit(command, seed), false));
        Coordinator sound = new Coordinator(Limits.DEFAULT, soundState);
        Coordinator hit = new Coordinator(Limits.DEFAULT, hitState);
        long index = 0;
        long defects = 0;
        for (Entry entry : Simulation.log(seed, Generator.ALL, 150)) {
            index++;
            Applied expected = sound.apply(index, without(entry, seed));
            Applied applied = hit.apply(index, entry);
            defects += applied.defects().size();
            assertThat(applied.changes()).isEqualTo(expected.changes());
            assertThat(applied.events()).isEqualTo(expected.events());
            assertThat(broken(applied.replies())).hasSize(applied.defects().size());
            assertThat(hit.revision()).isEqualTo(sound.revision());
            assertThat(hitState.storage.digest()).as("entry %s", index).isEqualTo(soundState.storage.digest());
        }
        assertThat(defects).isPositive();
    }

    /** Or the default of the interface would stand in for what the sound type does. */
    @Test
    void aDelegatingTypeLeavesNothingToDefaults() {
        assertThat(DataType.class.getMethods())
                .allSatisfy(method -> assertThat(DelegatingType.class
                                .getMethod(method.getName(), method.getParameterTypes())
                                .getDeclaringClass())
                        .isEqualTo(DelegatingType.class));
    }

    private static Entry without(Entry entry, long seed) {
        return entry.toBuilder()
                .clearCommands()
                .addAllCommands(entry.getCommandsList().stream()
                        .map(command -> isHit(command, seed) ? nothing(command) : command)
                        .toList())
                .build();
    }

    private static boolean isHit(Command command, long seed) {
        return command.getSessionId() != 0
                && !command.hasSession()
                && !command.hasTransaction()
                && Math.floorMod(command.getSessionId() * 31 + command.getSeq() * 17 + seed, 5) == 0;
    }

    /** The same place in its session's sequence, and no effect. */
    private static Command nothing(Command command) {
        return command.toBuilder()
                .clearGuard()
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build();
    }

    private static List<Reply> broken(List<Reply> replies) {
        return replies.stream()
                .filter(reply -> reply.getError().getCode() == ErrorCode.EINTERNAL)
                .toList();
    }

    @Test
    void aDefectInAnExpiryHoldsUpNothing() {
        State state = new State(type -> new BrokenType(type, command -> false, true));
        Coordinator core = new Coordinator(Limits.DEFAULT, state);
        core.apply(1, entry(0, Script.openCommand("a")));
        core.apply(2, entry(0, put(1, 100)));
        long digest = state.storage.digest();
        Applied applied = core.apply(3, entry(200));
        assertThat(applied.defects())
                .singleElement()
                .satisfies(defect -> assertThat(defect.what()).contains("expiry"));
        assertThat(applied.changes()).isEmpty();
        assertThat(state.storage.digest()).isEqualTo(digest);
        assertThat(core.apply(4, entry(300)).defects()).isEmpty();
        assertThat(core.hasWorkLeft()).isFalse();
    }

    @Test
    @Feature("G-4")
    void aSessionWhoseEndMeetsADefectIsStillOpenAndSaidToBe() {
        State state = new State(type -> new BrokenType(type, command -> false, true));
        Coordinator core = new Coordinator(Limits.DEFAULT, state);
        core.apply(1, entry(0, Script.openCommand("a")));
        core.apply(2, entry(0, put(1, 0)));
        Command expire = Script.own(
                SessionCommand.newBuilder().setExpire(ExpireSession.newBuilder().setSessionId(1)));
        Applied applied = core.apply(3, entry(0, expire));
        assertThat(broken(applied.replies())).hasSize(1);
        assertThat(applied.endedSessions()).isEmpty();
        assertThat(core.session(1)).isPresent();
        assertThat(core.apply(4, entry(0, put(2, 0))).replies().get(0).hasCache())
                .isTrue();
    }

    private static Entry entry(long millis, Command... commands) {
        return Entry.newBuilder()
                .setClusterTimeMillis(millis)
                .addAllCommands(List.of(commands))
                .build();
    }

    private static Command put(long seq, long ttlMillis) {
        return Command.newBuilder()
                .setSessionId(1)
                .setSeq(seq)
                .setCache(CacheCommand.newBuilder()
                        .setNamespace("ns")
                        .setKey("k")
                        .setPut(PutValue.newBuilder()
                                .setValue(ByteString.copyFromUtf8("1"))
                                .setTtlMillis(ttlMillis)))
                .build();
    }
}
