package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Settlement;
import io.coordinator.state.kernel.DataType;
import io.coordinator.testing.feature.Feature;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A state that is full takes what gives things up, and of the rest only what makes it smaller. */
@Feature("C-07")
class FreeingTest {
    private final DataTypes types = new State().types;

    private boolean frees(Command command) {
        DataType type = types.find(command.getBodyCase().getNumber());
        return Objects.requireNonNull(type).isFreeing(command);
    }

    /** Every operation that a type has is in the list, or grows the state. */
    @ParameterizedTest
    @CsvSource({
        "lock, cancel downgrade extend force_release release",
        "semaphore, cancel delete extend release",
        "build, cancel clear delete fail touch",
        "cache, clear delete touch",
        "document, delete",
        "rpc, cancel complete unregister",
        "topic, delete delete_group leave purge settle",
        "job, cancel cancel_await complete delete leave purge",
        "schedule, delete",
    })
    void whatGivesThingsUpIsTakenByAFullState(String data, String operations) {
        FieldDescriptor body = Command.getDescriptor().findFieldByName(data);
        Set<String> freeing = new TreeSet<>();
        for (FieldDescriptor operation :
                body.getMessageType().getOneofs().get(0).getFields()) {
            Command.Builder command = Command.newBuilder();
            Message.Builder type = command.getFieldBuilder(body);
            type.setField(operation, type.newBuilderForField(operation).build());
            if (frees(command.build())) {
                freeing.add(operation.getName());
            }
        }
        assertThat(freeing).containsExactly(operations.split(" "));
        Command.Builder nothing = Command.newBuilder();
        nothing.getFieldBuilder(body);
        assertThat(frees(nothing.build())).isFalse();
    }

    @Test
    void aFailureFreesIfItIsShortAndNotKept() {
        assertThat(frees(failure(1_024, 0))).isTrue();
        assertThat(frees(failure(1_025, 0))).isFalse();
        assertThat(frees(failure(10, 1))).isFalse();
    }

    private static Command failure(int bytes, long keepMillis) {
        BuildFailure empty =
                BuildFailure.newBuilder().setMessage("x".repeat(200)).build();
        int head = empty.getSerializedSize() - 200;
        BuildFailure failure =
                BuildFailure.newBuilder().setMessage("x".repeat(bytes - head)).build();
        Command.Builder command = Command.newBuilder();
        command.getBuildBuilder().getFailBuilder().setFailure(failure).setKeepMillis(keepMillis);
        assertThat(bytes < 128 || failure.getSerializedSize() == bytes).isTrue();
        return command.build();
    }

    @Test
    void whatIsBuriedIsKeptAsADeadLetter() {
        assertThat(frees(settlement(Settlement.Kind.ACKNOWLEDGE))).isTrue();
        assertThat(frees(settlement(Settlement.Kind.HAND_BACK))).isTrue();
        assertThat(frees(settlement(Settlement.Kind.BURY))).isFalse();
    }

    private static Command settlement(Settlement.Kind kind) {
        Command.Builder command = Command.newBuilder();
        command.getTopicBuilder()
                .getSettleBuilder()
                .addSettlements(Settlement.newBuilder())
                .addSettlements(Settlement.newBuilder().setKind(kind));
        return command.build();
    }

    @Test
    void theFirstSettingsOfANamespaceAreNothingThatIsGivenUp() {
        Command.Builder configure = Command.newBuilder();
        configure.getCacheBuilder().setNamespace("ns").getConfigureBuilder();
        assertThat(frees(configure.build())).isFalse();
    }
}
