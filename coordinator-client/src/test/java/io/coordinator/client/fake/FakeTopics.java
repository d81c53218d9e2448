package io.coordinator.client.fake;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.PublishedMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.protocol.TopicsSubscribed;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The ephemeral topics of a fake node, with faults that a test switches on. */
public final class FakeTopics {
    private final BooleanSupplier silent;
    private final List<Stream> streams = new ArrayList<>();
    private final List<TopicClientFrame> frames = new ArrayList<>();
    private long sequence;
    private boolean breaksBeforeCounts;
    private @Nullable ErrorCode refusal;

    FakeTopics(BooleanSupplier silent) {
        this.silent = silent;
    }

    /** Frames received so far. */
    public synchronized List<TopicClientFrame> frames() {
        return List.copyOf(frames);
    }

    /** Streams open now. */
    public synchronized int streams() {
        return streams.size();
    }

    /** Breaks every stream without a word, when something is published: it goes out and is not counted. */
    public synchronized void breakBeforeCounts() {
        breaksBeforeCounts = true;
    }

    /** Refuses subscriptions from now on; null takes them again. */
    public synchronized void refuse(@Nullable ErrorCode code) {
        refusal = code;
    }

    /** Ends every stream. */
    public synchronized void goodbye(ErrorCode code) {
        send(TopicServerFrame.newBuilder().setGoodbye(error(code)).build());
    }

    /** Sends a frame on every stream. */
    public synchronized void send(TopicServerFrame frame) {
        List.copyOf(streams).forEach(stream -> stream.send(frame));
    }

    /** A message as nodes make it. */
    public static TopicServerFrame message(String topic, long epoch, long sequence, PublishMessage from) {
        return TopicServerFrame.newBuilder()
                .addMessages(PublishedMessage.newBuilder()
                        .setNamespace(from.getNamespace())
                        .setTopic(topic)
                        .setEpoch(epoch)
                        .setSequence(sequence)
                        .setValue(from.getValue())
                        .build()
                        .toByteString())
                .build();
    }

    synchronized StreamObserver<TopicClientFrame> open(StreamObserver<TopicServerFrame> responses) {
        Stream stream = new Stream(responses);
        streams.add(stream);
        return stream;
    }

    private static Error error(ErrorCode code) {
        return Error.newBuilder().setCode(code).setMessage("from the test").build();
    }

    private void publish(Stream publisher, PublishMessage message) {
        TopicServerFrame frame = message(message.getTopic(), 1, ++sequence, message);
        List<Stream> receivers =
                streams.stream().filter(stream -> stream.matches(message)).toList();
        receivers.forEach(stream -> stream.send(frame));
        if (breaksBeforeCounts) {
            breaksBeforeCounts = false;
            List.copyOf(streams).forEach(Stream::breakOff);
        } else if (message.getId() != 0) {
            publisher.send(TopicServerFrame.newBuilder()
                    .addPublished(
                            MessagePublished.newBuilder().setId(message.getId()).setSessions(receivers.size()))
                    .build());
        }
    }

    private final class Stream implements StreamObserver<TopicClientFrame> {
        private final StreamObserver<TopicServerFrame> responses;
        private final Map<Long, SubscribeTopics> subscriptions = new HashMap<>();

        Stream(StreamObserver<TopicServerFrame> responses) {
            this.responses = responses;
        }

        boolean matches(PublishMessage message) {
            return subscriptions.values().stream()
                    .filter(each -> each.getNamespace().equals(message.getNamespace()))
                    .anyMatch(each -> each.getPrefix()
                            ? message.getTopic().startsWith(each.getTopic())
                            : message.getTopic().equals(each.getTopic()));
        }

        void send(TopicServerFrame frame) {
            responses.onNext(frame);
        }

        void breakOff() {
            streams.remove(this);
            responses.onError(Status.UNAVAILABLE.asRuntimeException());
        }

        @Override
        public void onNext(TopicClientFrame frame) {
            synchronized (FakeTopics.this) {
                if (silent.getAsBoolean() || !streams.contains(this)) {
                    return;
                }
                frames.add(frame);
                if (frame.hasHello()) {
                    send(TopicServerFrame.newBuilder()
                            .setWelcome(TopicWelcome.newBuilder().setTerm(1))
                            .build());
                }
                frame.getUnsubscribeList().forEach(subscriptions::remove);
                frame.getSubscribeList().forEach(this::subscribe);
                frame.getPublishList().forEach(message -> publish(this, message));
            }
        }

        private void subscribe(SubscribeTopics wanted) {
            TopicsSubscribed.Builder answer = TopicsSubscribed.newBuilder().setId(wanted.getId());
            if (refusal != null) {
                answer.setError(error(refusal));
            } else {
                subscriptions.put(wanted.getId(), wanted);
            }
            send(TopicServerFrame.newBuilder().addSubscribed(answer).build());
        }

        @Override
        public void onError(Throwable failure) {
            synchronized (FakeTopics.this) {
                streams.remove(this);
            }
        }

        @Override
        public void onCompleted() {
            onError(Status.CANCELLED.asRuntimeException());
        }
    }
}
