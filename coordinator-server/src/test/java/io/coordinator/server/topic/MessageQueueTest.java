package io.coordinator.server.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.side.SideMemory;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for one stream: its bounds, what is dropped, and what that counts. */
@Feature("PM-PS-8")
class MessageQueueTest {
    private static final long SOFT = 1_000;
    private static final long HARD = 3_000;

    private final SideMemory memory = new SideMemory(1 << 20);
    private final MessageQueue queue = new MessageQueue(SOFT, HARD, memory);
    private int number;

    private boolean offer(int bytes) {
        SharedMessage message =
                new SharedMessage(ByteString.copyFrom(new byte[bytes]).substring(0, bytes), memory);
        boolean queued = queue.offer(message, false);
        message.queued(queued ? 1 : 0);
        number += queued ? 1 : 0;
        return queued;
    }

    private List<TopicServerFrame> takeAll() {
        List<TopicServerFrame> frames = new ArrayList<>();
        TopicServerFrame.Builder frame = TopicServerFrame.newBuilder();
        while (queue.fill(frame)) {
            frames.add(frame.build());
            frame = TopicServerFrame.newBuilder();
        }
        return frames;
    }

    @Test
    void aMessageLargerThanTheLimitPassesWhenNothingWaits() {
        assertThat(offer(10_000)).isTrue();
        assertThat(queue.isTooFarBehind()).isTrue();
        assertThat(offer(1)).isFalse();
    }

    @Test
    void whatIsDroppedIsToldInItsPlace() {
        assertThat(offer(500)).isTrue();
        assertThat(offer(500)).isTrue();
        assertThat(offer(1)).isFalse();
        assertThat(offer(1)).isFalse();
        TopicServerFrame first = takeAll().get(0);
        assertThat(first.getMessagesCount()).isEqualTo(2);
        assertThat(first.getDropped()).isEqualTo(2);

        assertThat(offer(1)).as("the transport still has it").isFalse();
        queue.written();
        assertThat(offer(1)).isTrue();
        List<TopicServerFrame> next = takeAll();
        assertThat(next).extracting(TopicServerFrame::getDropped).containsExactly(1L, 0L);
        assertThat(next).extracting(TopicServerFrame::getMessagesCount).containsExactly(0, 1);
    }

    @Test
    @Feature("PM-PS-9")
    void droppedBytesCountUntilNothingWaits() {
        offer(1_000);
        while (!queue.isTooFarBehind()) {
            assertThat(offer(100)).isFalse();
        }
        takeAll();
        queue.written();
        assertThat(offer(100)).isTrue();
        assertThat(queue.isTooFarBehind()).isFalse();
    }

    @Test
    void aMessageIsKeptOnceForAllAndGivenUpByTheLast() {
        MessageQueue other = new MessageQueue(SOFT, HARD, memory);
        SharedMessage message = new SharedMessage(ByteString.copyFrom(new byte[400]), memory);
        assertThat(queue.offer(message, false)).isTrue();
        assertThat(other.offer(message, false)).isTrue();
        message.queued(2);
        assertThat(memory.used()).isLessThan(2 * 400);

        takeAll();
        queue.written();
        assertThat(memory.used()).isGreaterThanOrEqualTo(400);
        other.clear();
        assertThat(memory.used()).isZero();
    }

    @Test
    void beyondTheNodesMemoryOnlyThoseGetMoreThatHaveNothingWaiting() {
        memory.charge(1 << 20);
        assertThat(offer(1)).isTrue();
        assertThat(offer(1)).isFalse();
        memory.release(1 << 20);
        assertThat(offer(1)).isTrue();
        queue.clear();
        assertThat(memory.used()).isZero();
        assertThat(number).isEqualTo(2);
    }

    @Test
    void aFrameIsBoundedAndAMessageIsNotSplit() {
        MessageQueue wide = new MessageQueue(1 << 20, 1 << 21, memory);
        for (int i = 0; i < 10; i++) {
            SharedMessage message = new SharedMessage(ByteString.copyFrom(new byte[20_000]), memory);
            assertThat(wide.offer(message, false)).isTrue();
            message.queued(1);
        }
        TopicServerFrame.Builder frame = TopicServerFrame.newBuilder();
        assertThat(wide.fill(frame)).isTrue();
        assertThat(frame.getMessagesCount()).isEqualTo(1);
        wide.clear();
        assertThat(memory.used()).isZero();
    }
}
