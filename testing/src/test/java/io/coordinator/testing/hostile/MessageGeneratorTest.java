package io.coordinator.testing.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.testing.feature.Feature;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Generated messages reach everything that a client can send, and are what their style says. */
@Feature("G-15")
class MessageGeneratorTest {
    private static final Logger log = LoggerFactory.getLogger(MessageGeneratorTest.class);
    private static final int BYTES_MAX = 64 << 10;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void everyCaseThatClientsCanSendOccurs() {
        MessageGenerator generator = generator();
        List<Descriptor> types = Coverage.sentByClients();
        for (int i = 0; i < 9_000; i++) {
            Style style = i % 2 == 0 ? Style.PLAUSIBLE : Style.WILD;
            assertThat(generator.next(types.get(i % types.size()), style)).isNotNull();
        }
        Set<String> cases = Coverage.cases(types);
        assertThat(cases).hasSizeGreaterThan(100).contains("coordinator.v1.DocumentEdit.create_path");
        assertThat(generator.coverage().missing(cases)).isEmpty();
    }

    @Test
    void theSameSeedWritesTheSame() {
        MessageGenerator one = generator();
        MessageGenerator other = generator();
        for (int i = 0; i < 200; i++) {
            assertThat(one.next(ClientFrame.getDescriptor(), Style.WILD))
                    .isEqualTo(other.next(ClientFrame.getDescriptor(), Style.WILD));
        }
    }

    @Test
    void plausibleCommandsParseAndAreOfEveryKind() {
        MessageGenerator generator = generator();
        Set<Command.BodyCase> bodies = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            ByteString message = generator.next(Command.getDescriptor(), Style.PLAUSIBLE);
            assertThatCode(() -> bodies.add(Command.parseFrom(message).getBodyCase()))
                    .doesNotThrowAnyException();
        }
        bodies.add(Command.BodyCase.BODY_NOT_SET);
        assertThat(bodies).containsExactlyInAnyOrder(Command.BodyCase.values());
    }

    @Test
    void wildCommandsAreSometimesUnparsableAndSometimesNot() {
        MessageGenerator generator = generator();
        int refused = 0;
        int unknown = 0;
        int count = 500;
        for (int i = 0; i < count; i++) {
            try {
                Command parsed = Command.parseFrom(generator.next(Command.getDescriptor(), Style.WILD));
                unknown += parsed.getUnknownFields().isEmpty() ? 0 : 1;
            } catch (InvalidProtocolBufferException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(count / 20, count - count / 20);
        assertThat(unknown).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Style.class)
    void aMessageKeepsToItsSize(Style style) {
        MessageGenerator generator = generator();
        for (int i = 0; i < 500; i++) {
            assertThat(generator.next(ClientFrame.getDescriptor(), style).size())
                    .isLessThan(4 * BYTES_MAX);
        }
    }

    @Test
    void aMessageThatContainsItselfIsNestedAsOftenAsAsked() throws InvalidProtocolBufferException {
        Recursion recursion = Recursion.of(ClientFrame.getDescriptor()).orElseThrow();
        Command command = ClientFrame.parseFrom(recursion.nested(3)).getCommands(0);
        for (int i = 0; i < 3; i++) {
            command = command.getTransaction().getThen(0);
        }
        assertThat(command).isEqualTo(Command.getDefaultInstance());
        assertThat(Recursion.of(NodeStatusRequest.getDescriptor())).isEmpty();
        assertThat(Recursion.of(Query.getDescriptor())).isEmpty();
    }

    private MessageGenerator generator() {
        log.info("repeat with -Dseed={}", seed);
        return new MessageGenerator(seed, BYTES_MAX);
    }
}
