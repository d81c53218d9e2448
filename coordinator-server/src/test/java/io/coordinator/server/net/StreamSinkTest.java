package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.testing.feature.Feature;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamSinkTest {
    private static final ServerFrame FRAME = ServerFrame.newBuilder()
            .setKeepAlive(KeepAliveReply.getDefaultInstance())
            .build();
    private static final ServerFrame UNWRITABLE = ServerFrame.newBuilder().build();

    private final Call call = new Call();
    private final StreamSink<ServerFrame> sink =
            new StreamSink<>(call, UNWRITABLE, new Caller("", true), Runnable::run);

    @Test
    @Feature("C-04")
    void whoeverWritesSurvivesAFrameForWhichThereIsNoMemory() {
        call.exhausted = true;
        sink.send(FRAME);
        assertThat(call.sent).as("the stream is cut").containsExactly(FRAME, UNWRITABLE);
        call.exhausted = false;
        assertThat(sink.isReady()).isFalse();
        sink.send(FRAME);
        sink.end();
        sink.reset();
        assertThat(call.sent).as("nothing follows what is missing").hasSize(2);
    }

    @Test
    @Feature("C-04")
    void whoeverEndsAStreamSurvivesThatThereIsNoMemory() {
        call.exhausted = true;
        sink.end();
        assertThat(call.sent).containsExactly(UNWRITABLE);
    }

    @Test
    void aStreamWithMemoryIsServed() {
        sink.send(FRAME);
        assertThat(sink.isReady()).isTrue();
        assertThat(call.sent).containsExactly(FRAME);
    }

    /** A transport whose memory can be exhausted. */
    private static final class Call extends ServerCallStreamObserver<ServerFrame> {
        private final List<ServerFrame> sent = new ArrayList<>();
        private boolean exhausted;

        @Override
        public void onNext(ServerFrame frame) {
            sent.add(frame);
            demandMemory();
        }

        @Override
        public void onCompleted() {
            demandMemory();
        }

        private void demandMemory() {
            if (exhausted) {
                throw new OutOfMemoryError("a test's");
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
