package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that never arrive in full take a bounded part of a node. */
class InboundMeterTest {
    private static final int BYTES_MAX = 8 << 20;
    private static final int MESSAGE_MAX = 12 << 20;
    private static final int CALL_MAX = 1 << 20;
    private static final int PIECE = 16 << 10;

    private final InboundMeter.Accounts accounts = InboundMeter.Accounts.of(BYTES_MAX, MESSAGE_MAX);
    private final List<Error> errors = new ArrayList<>();
    private final List<InboundMeter> refused = new ArrayList<>();

    private InboundMeter meter() {
        InboundMeter meter = InboundMeter.ofStream(accounts);
        meter.onRefusal(error -> {
            errors.add(error);
            refused.add(meter);
        });
        return meter;
    }

    /** One whose Hello has been read. */
    private InboundMeter welcomed() {
        InboundMeter meter = meter();
        meter.inboundMessage(0);
        meter.inboundWireSize(100);
        meter.inboundMessageRead(0, 100, 100);
        return meter;
    }

    private static void send(InboundMeter meter, int bytes) {
        for (int sent = 0; sent < bytes; sent += PIECE) {
            meter.inboundWireSize(PIECE);
        }
    }

    @Test
    @Feature("C-04")
    void aFirstFrameThatIsNoHelloIsNotCollected() {
        InboundMeter meter = meter();
        meter.inboundMessage(0);
        send(meter, InboundMeter.FIRST_BYTES_MAX);
        assertThat(errors).isEmpty();
        meter.inboundWireSize(1);
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).getCode()).isEqualTo(ErrorCode.ETOOLARGE);
        assertThatThrownBy(() -> send(meter, MESSAGE_MAX)).isInstanceOf(StatusRuntimeException.class);
        assertThat(errors).hasSize(1);
    }

    @Test
    @Feature("C-04")
    void aFirstFrameInCrumbsIsNotCollected() {
        InboundMeter meter = meter();
        meter.inboundMessage(0);
        for (int i = 0; i < 100; i++) {
            meter.inboundWireSize(1);
        }
        assertThat(errors).hasSize(1);
    }

    @Test
    @Feature("C-04")
    void thoseThatTakeLongestMakeRoom() {
        List<InboundMeter> strangers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            InboundMeter stranger = meter();
            stranger.inboundMessage(0);
            strangers.add(stranger);
            send(stranger, PIECE);
            assertThat(accounts.strangers().used()).isLessThanOrEqualTo(BYTES_MAX / 4);
        }
        assertThat(refused).hasSizeGreaterThan(900).containsExactlyElementsOf(strangers.subList(0, refused.size()));
        assertThat(errors).allMatch(error -> error.getCode() == ErrorCode.EBUSY && error.getRetryAfterMillis() > 0);
    }

    @Test
    @Feature("C-04")
    void strangersDoNotTakeTheRoomOfClients() {
        InboundMeter client = welcomed();
        client.inboundMessage(1);
        send(client, MESSAGE_MAX);
        thoseThatTakeLongestMakeRoom();
        assertThat(refused).doesNotContain(client);
    }

    @Test
    @Feature("C-04")
    void largeFramesOfManyClientsStayBounded() {
        for (int i = 0; i < 100; i++) {
            InboundMeter client = welcomed();
            client.inboundMessage(1);
            send(client, 2 << 20);
            assertThat(accounts.clients().used()).isLessThanOrEqualTo(BYTES_MAX);
        }
        assertThat(refused).hasSizeGreaterThan(90);
    }

    @Test
    void whatHasArrivedOrIsCutTakesNothing() {
        InboundMeter client = welcomed();
        assertThat(accounts.strangers().used()).isZero();
        client.inboundMessage(1);
        send(client, MESSAGE_MAX);
        assertThat(accounts.clients().used()).isEqualTo(2L * MESSAGE_MAX);
        client.inboundMessageRead(1, MESSAGE_MAX, MESSAGE_MAX);
        assertThat(accounts.clients().used()).isZero();
        client.inboundMessage(2);
        send(client, PIECE);
        client.streamClosed(Status.CANCELLED);
        assertThat(accounts.clients().used()).isZero();
        assertThat(errors).isEmpty();
    }

    private InboundMeter call() {
        InboundMeter meter = InboundMeter.ofCall(accounts, CALL_MAX);
        meter.onRefusal(error -> {
            errors.add(error);
            refused.add(meter);
        });
        meter.inboundMessage(0);
        return meter;
    }

    @Test
    @Feature("C-08")
    void theMessageOfACallIsChargedUntilItIsAnswered() {
        InboundMeter answered = call();
        InboundMeter cut = call();
        for (InboundMeter meter : List.of(answered, cut)) {
            send(meter, CALL_MAX);
            meter.inboundMessageRead(0, CALL_MAX, CALL_MAX);
            meter.parsed(1_000);
        }
        long each = 2L * CALL_MAX + 1_000 * InboundMeter.PART_BYTES;
        assertThat(accounts.clients().used()).isEqualTo(2 * each);
        answered.outboundMessage(0);
        assertThat(accounts.clients().used()).isEqualTo(each);
        cut.streamClosed(Status.CANCELLED);
        cut.parsed(1_000);
        assertThat(accounts.clients().used()).isZero();
        assertThat(errors).isEmpty();
    }

    @Test
    @Feature("C-08")
    void callsThatHaveArrivedButAreNotAnsweredMakeRoom() {
        for (int i = 0; i < 100; i++) {
            InboundMeter meter = call();
            send(meter, CALL_MAX);
            meter.inboundMessageRead(0, CALL_MAX, CALL_MAX);
            assertThat(accounts.clients().used()).isLessThanOrEqualTo(BYTES_MAX);
        }
        assertThat(refused).hasSizeGreaterThan(90);
    }

    @Test
    @Feature("C-08")
    void aCallThatIsLargerThanARequestIsNotCollected() {
        InboundMeter meter = call();
        send(meter, CALL_MAX);
        assertThat(errors).isEmpty();
        meter.inboundWireSize(1);
        assertThat(errors).extracting(Error::getCode).containsExactly(ErrorCode.ETOOLARGE);
        assertThat(accounts.clients().used()).isZero();
    }
}
