package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PutValue;
import io.coordinator.testing.feature.Feature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What a frame would take in the heap is known before any of it is made. */
class InboundFrameMarshallerTest {
    private static final int FRAME_BYTES = 12 << 20;
    private static final byte[] EMPTY_COMMAND = {0x12, 0};
    private static final byte[] PACKED_STOP_WATCHES = {0x32};
    private static final byte[] COMMAND = {0x12};
    /** Field 900, of which nobody knows. */
    private static final byte[] UNKNOWN_FIELD = {(byte) 0xa0, 0x38, 0};

    private static final byte[] UNKNOWN_GROUP = {(byte) 0xa3, 0x38, (byte) 0xa4, 0x38};

    private final InboundFrameMarshaller<ClientFrame> marshaller =
            new InboundFrameMarshaller<>(ClientFrame.getDefaultInstance());

    private InboundFrame<ClientFrame> parse(byte[] frame) {
        return marshaller.parse(new ByteArrayInputStream(frame));
    }

    private static byte[] repeated(byte[] part, int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        while (out.size() + part.length <= bytes) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] delimited(byte[] tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(tag);
        int length = content.length;
        for (; length >= 0x80; length >>>= 7) {
            out.write((length & 0x7f) | 0x80);
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private void isRefusedCheaply(byte[] frame) {
        long before = allocated();
        InboundFrame<ClientFrame> inbound = parse(frame);
        assertThat(allocated() - before).isLessThan(3L * FRAME_BYTES);
        assertThat(inbound.frame()).isNull();
        assertThat(inbound.refusal()).satisfies(refusal -> {
            assertThat(refusal.getCode()).isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(refusal.getMessage()).contains("262144 parts");
        });
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    @Feature("C-04")
    void aFrameOfEmptyCommandsIsNotParsed() {
        isRefusedCheaply(repeated(EMPTY_COMMAND, FRAME_BYTES));
    }

    @Test
    @Feature("C-04")
    void aCommandOfEmptyItemsIsNotParsed() {
        // Each level's field 2 is tried for what is known and what is not: either costs.
        byte[] items = repeated(EMPTY_COMMAND, FRAME_BYTES - 16);
        for (int field = 1; field <= 15; field++) {
            byte[] tag = {(byte) ((field << 3) | 2)};
            isRefusedOrSmall(delimited(COMMAND, delimited(tag, items)));
        }
    }

    private void isRefusedOrSmall(byte[] frame) {
        long before = allocated();
        InboundFrame<ClientFrame> inbound = parse(frame);
        assertThat(allocated() - before).isLessThan(4L * FRAME_BYTES);
        assertThat(inbound.frame() == null || inbound.frame().getSerializedSize() > 0)
                .isTrue();
    }

    @Test
    @Feature("C-04")
    void fieldsOfANewerVersionAreCounted() {
        isRefusedCheaply(repeated(UNKNOWN_FIELD, FRAME_BYTES));
        isRefusedCheaply(repeated(UNKNOWN_GROUP, FRAME_BYTES));
        isRefusedCheaply(delimited(COMMAND, repeated(UNKNOWN_FIELD, FRAME_BYTES - 8)));
    }

    @Test
    @Feature("C-04")
    void knownFieldsInAStrangeFormAreCounted() {
        // The id of a session as text; a session's open as a number.
        isRefusedCheaply(delimited(COMMAND, repeated(new byte[] {0x0a, 0}, FRAME_BYTES - 8)));
        isRefusedCheaply(delimited(new byte[] {0x0a}, repeated(new byte[] {0x22, 0}, FRAME_BYTES - 8)));
        isRefusedCheaply(delimited(new byte[] {0x0a}, repeated(new byte[] {0x18, 0}, FRAME_BYTES - 8)));
    }

    @Test
    void asManyWatchesAsAFrameMayHaveAreStopped() {
        ClientFrame frame = ClientFrame.newBuilder()
                .addAllStopWatches(Collections.nCopies(65_536, -1L))
                .build();
        assertThat(parse(frame.toByteArray()).frame()).isEqualTo(frame);
    }

    @Test
    @Feature("C-04")
    void packedItemsAreCounted() {
        isRefusedCheaply(delimited(PACKED_STOP_WATCHES, new byte[FRAME_BYTES - 8]));
    }

    @Test
    void asManyCommandsAsAFrameMayHaveAreParsed() {
        Command put = Command.newBuilder()
                .setSessionId(1)
                .setSeq(1)
                .setCache(CacheCommand.newBuilder()
                        .setNamespace("n")
                        .setKey("k")
                        .setPut(PutValue.newBuilder().setValue(ByteString.copyFromUtf8("1"))))
                .build();
        ClientFrame frame = ClientFrame.newBuilder()
                .addAllCommands(Collections.nCopies(65_536, put))
                .build();
        assertThat(parse(frame.toByteArray()).frame()).isEqualTo(frame);
    }

    @Test
    void aLargeValueIsOnePart() {
        ClientFrame frame = ClientFrame.newBuilder()
                .addCommands(Command.newBuilder()
                        .setCache(CacheCommand.newBuilder()
                                .setPut(PutValue.newBuilder().setValue(ByteString.copyFrom(new byte[3 << 20])))))
                .build();
        assertThat(parse(frame.toByteArray()).frame()).isEqualTo(frame);
    }

    @Test
    void garbageIsRefused() {
        byte[] garbage = repeated(new byte[] {(byte) 0xff}, FRAME_BYTES);
        assertThat(parse(garbage).refusal())
                .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(ErrorCode.EINVAL));
    }
}
