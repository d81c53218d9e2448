package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Rule;
import io.coordinator.protocol.Rules;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.Coordinator;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a later version introduces is refused while older members would overlook it, wherever in a command it is: shown
 * for every field, value and message that the protocol has.
 */
@Feature({"PM-CONN-19", "G-15"})
class VersionGateTest {
    private static final int LIMIT = 1_000;
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    private static final List<List<FieldDescriptor>> PATHS = paths();

    @Test
    void everyFieldOfALaterVersionIsRefusedUntilItIsActive() {
        for (List<FieldDescriptor> path : PATHS) {
            FieldDescriptor later = path.get(path.size() - 1);
            FieldRules rules = new FieldRules(new FieldRules.Versions() {
                @Override
                public int since(FieldDescriptor field) {
                    return field.equals(later) ? NEW : OLD;
                }
            });
            for (Command command : wrapped(command(path, sample(later)))) {
                refused(rules, command, later.getFullName());
            }
            if (!isRequired(later)) {
                Command without = command(path.subList(0, path.size() - 1), null);
                assertThat(result(rules, without, OLD)).as("without %s", later).isEmpty();
            }
        }
        System.out.println("VersionGateTest: " + PATHS.size() + " fields");
        assertThat(PATHS).hasSizeGreaterThan(150);
    }

    @Test
    void everyValueOfALaterVersionIsRefusedUntilItIsActive() {
        int values = 0;
        for (List<FieldDescriptor> path : PATHS) {
            FieldDescriptor field = path.get(path.size() - 1);
            if (field.getJavaType() != JavaType.ENUM) {
                continue;
            }
            List<EnumValueDescriptor> all = field.getEnumType().getValues();
            // The first one is what a field has that is not set.
            for (EnumValueDescriptor later : all.subList(1, all.size())) {
                FieldRules rules = new FieldRules(new FieldRules.Versions() {
                    @Override
                    public int since(EnumValueDescriptor value) {
                        return value.equals(later) ? NEW : OLD;
                    }
                });
                for (Command command : wrapped(command(path, later))) {
                    refused(rules, command, later.getName());
                }
                values++;
            }
        }
        assertThat(values).isGreaterThan(4);
    }

    @Test
    void aFieldThatIsNotKnownAtAllIsRefusedInEveryMessage() {
        int messages = 0;
        for (List<FieldDescriptor> path : PATHS) {
            FieldDescriptor field = path.get(path.size() - 1);
            if (field.getJavaType() != JavaType.MESSAGE) {
                continue;
            }
            Message.Builder newer = ((Message) sample(field)).toBuilder();
            newer.setUnknownFields(UNKNOWN);
            for (Command command : wrapped(command(path, newer.build()))) {
                assertThat(standard(command))
                        .as("%s", command)
                        .hasValueSatisfying(error -> assertThat(error.getCode()).isEqualTo(ErrorCode.EUNKNOWN));
            }
            messages++;
        }
        assertThat(messages).isGreaterThan(50);
    }

    private static Optional<Error> standard(Command command) {
        Check check = new Check(LIMIT, LIMIT, Coordinator.VERSION);
        FieldRules.admit(command, check);
        return check.result();
    }

    private static void refused(FieldRules rules, Command command, String what) {
        assertThat(result(rules, command, OLD)).as("%s", command).hasValueSatisfying(error -> {
            assertThat(error.getCode()).isEqualTo(ErrorCode.EUNKNOWN);
            assertThat(error.getMessage()).contains(what);
        });
        assertThat(result(rules, command, NEW)).as("%s", command).isEmpty();
        // A node that takes part in the old version only stops at what the gate keeps from it, as an old release does.
        assertThatThrownBy(() -> new KnownVersions(OLD, false, rules.versions()).require(command))
                .as("%s", command)
                .isInstanceOf(UnknownOperationException.class)
                .hasMessageContaining(what);
        new KnownVersions(NEW, false, rules.versions()).require(command);
        assertThat(standard(command)).as("%s", command).isEmpty();
    }

    private static Optional<Error> result(FieldRules rules, Command command, int activeVersion) {
        Check check = new Check(LIMIT, LIMIT, activeVersion);
        rules.check(command, check);
        return check.result();
    }

    /** The command itself, and as a part of transactions. */
    private static List<Command> wrapped(Command command) {
        return List.of(
                command,
                inTransaction(TransactionCommand.newBuilder().addThen(command)),
                inTransaction(TransactionCommand.newBuilder().addOtherwise(command)));
    }

    private static Command inTransaction(TransactionCommand.Builder transaction) {
        return Command.newBuilder().setTransaction(transaction).build();
    }

    /** The shortest way from a command to each field of each message that it can contain. */
    private static List<List<FieldDescriptor>> paths() {
        Map<String, List<FieldDescriptor>> toType = new LinkedHashMap<>();
        List<List<FieldDescriptor>> toFields = new ArrayList<>();
        List<Descriptor> types = new ArrayList<>(List.of(Command.getDescriptor()));
        toType.put(Command.getDescriptor().getFullName(), List.of());
        for (int i = 0; i < types.size(); i++) {
            for (FieldDescriptor field : types.get(i).getFields()) {
                List<FieldDescriptor> path = new ArrayList<>(
                        Objects.requireNonNull(toType.get(types.get(i).getFullName())));
                path.add(field);
                toFields.add(path);
                if (field.getJavaType() == JavaType.MESSAGE
                        && toType.putIfAbsent(field.getMessageType().getFullName(), path) == null) {
                    types.add(field.getMessageType());
                }
            }
        }
        return toFields;
    }

    /** A command in which the last field of a path is set; with all that the rules ask for beside it. */
    private static Command command(List<FieldDescriptor> path, @Nullable Object last) {
        return (Command) fill(Command.newBuilder(), path, last).build();
    }

    private static Message.Builder fill(Message.Builder message, List<FieldDescriptor> path, @Nullable Object last) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.getRealContainingOneof() == null && isRequired(field)) {
                set(message, field, sample(field));
            }
        }
        if (!path.isEmpty()) {
            FieldDescriptor field = path.get(0);
            set(
                    message,
                    field,
                    path.size() == 1 && last != null
                            ? last
                            : fill(message.newBuilderForField(field), path.subList(1, path.size()), last)
                                    .build());
        }
        return message;
    }

    private static boolean isRequired(FieldDescriptor field) {
        Rule rule = rule(field);
        return field.isRepeated() ? rule.getItemsMin() > 0 : rule.getRequired() || rule.getBytesMin() > 0;
    }

    private static Rule rule(FieldDescriptor field) {
        return field.getOptions().getExtension(Rules.rule);
    }

    private static void set(Message.Builder message, FieldDescriptor field, Object value) {
        message.setField(field, field.isRepeated() ? List.of(value) : value);
    }

    /** Something that is not the default and that the rules let pass. */
    private static Object sample(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> "1";
            case BYTE_STRING -> sampleBytes(rule(field));
            case INT -> 1;
            case LONG -> 1L;
            case BOOLEAN -> true;
            case DOUBLE -> 1.0;
            case FLOAT -> 1.0f;
            case ENUM -> field.getEnumType().getValues().get(1);
            case MESSAGE -> {
                Message.Builder empty = messageBuilder(field);
                yield fill(empty, List.of(), null).build();
            }
        };
    }

    private static ByteString sampleBytes(Rule rule) {
        return rule.getKind() == Rule.Kind.BYTES
                ? ByteString.copyFrom(new byte[Math.max(1, rule.getBytesMin())])
                : ByteString.copyFromUtf8("1");
    }

    private static Message.Builder messageBuilder(FieldDescriptor field) {
        for (List<FieldDescriptor> path : PATHS) {
            if (path.get(path.size() - 1).equals(field)) {
                Message.Builder message = Command.newBuilder();
                for (FieldDescriptor step : path) {
                    message = message.newBuilderForField(step);
                }
                return message;
            }
        }
        throw new IllegalArgumentException(field.getFullName());
    }
}
