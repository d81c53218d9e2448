package io.coordinator.server.topic;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.PublishedMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicsSubscribed;
import io.coordinator.server.side.SideMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who has subscribed to what, and which streams get a message: one copy each. Used by the thread of the exchange only,
 * but for the figures.
 */
final class Fanout {
    /** Messages that are put in line before those who got some are woken. */
    private static final int WAKE_EVERY = 64;

    private final TopicSettings settings;
    private final SideMemory memory;
    private final SubscriberIndex index = new SubscriberIndex();
    private final List<TopicStream> touched = new ArrayList<>();
    private final LongAdder published = new LongAdder();
    private final LongAdder queued = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile int subscriptionCount;
    private long sequence;

    Fanout(TopicSettings settings, SideMemory memory) {
        this.settings = settings;
        this.memory = memory;
    }

    // ---- figures, on any thread ----

    int subscriptions() {
        return subscriptionCount;
    }

    /** Messages. */
    long published() {
        return published.sum();
    }

    /** Messages, once for each stream. */
    long queued() {
        return queued.sum();
    }

    /** Messages, once for each stream. */
    long dropped() {
        return dropped.sum();
    }

    // ---- subscriptions ----

    void unsubscribe(TopicStream stream, long id) {
        Subscriber subscriber = stream.subscriptions().remove(id);
        if (subscriber != null) {
            index.remove(subscriber);
            subscriptionCount = index.size();
        }
    }

    /** Takes the subscription, or says why not. */
    TopicsSubscribed subscribe(TopicStream stream, SubscribeTopics wanted) {
        Subscriber subscriber = new Subscriber(stream, wanted.getNamespace(), wanted.getTopic(), wanted.getPrefix());
        Optional<Error> refusal = refusal(stream, wanted, subscriber);
        if (refusal.isPresent()) {
            return refused(wanted, refusal.get());
        }
        stream.subscriptions().put(wanted.getId(), subscriber);
        index.add(subscriber);
        subscriptionCount = index.size();
        return TopicsSubscribed.newBuilder().setId(wanted.getId()).build();
    }

    static TopicsSubscribed refused(SubscribeTopics wanted, Error why) {
        return TopicsSubscribed.newBuilder().setId(wanted.getId()).setError(why).build();
    }

    /** The stream hears nothing any more. */
    void unsubscribeAll(TopicStream stream) {
        stream.subscriptions().values().forEach(index::remove);
        stream.subscriptions().clear();
        subscriptionCount = index.size();
    }

    private Optional<Error> refusal(TopicStream stream, SubscribeTopics wanted, Subscriber subscriber) {
        Map<Long, Subscriber> own = stream.subscriptions();
        if (wanted.getTopic().isEmpty() && !wanted.getPrefix()) {
            return Optional.of(
                    TopicExchange.error(ErrorCode.EINVAL, "topic must not be empty, except as the prefix of all"));
        } else if (own.containsKey(wanted.getId())) {
            return Optional.of(TopicExchange.error(
                    ErrorCode.EINVAL, "the subscription id " + wanted.getId() + " is in use; choose another one"));
        } else if (own.size() >= settings.subscriptionsPerStream()) {
            return Optional.of(TopicExchange.error(
                    ErrorCode.EBUSY,
                    "this session has " + own.size() + " subscriptions, as many as one may have; close some"));
        } else if (index.size() >= settings.subscriptionsMax()
                || index.bytes() + subscriber.cost() > settings.subscriptionsBytes()) {
            return Optional.of(TopicExchange.error(
                    ErrorCode.EBUSY,
                    "this node has as many subscriptions as it takes; try again when some have ended"));
        }
        return Optional.empty();
    }

    // ---- messages ----

    /** Puts messages in line, and gives the answers to those that want one. */
    List<MessagePublished> publish(TopicStream publisher, List<PublishMessage> messages, long epoch) {
        List<MessagePublished> answers = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            PublishMessage message = messages.get(i);
            int sessions = fanOut(publisher, message, epoch);
            if (message.getId() != 0) {
                answers.add(MessagePublished.newBuilder()
                        .setId(message.getId())
                        .setSessions(sessions)
                        .build());
            }
            if ((i + 1) % WAKE_EVERY == 0) {
                wakeTouched();
            }
        }
        wakeTouched();
        return answers;
    }

    private int fanOut(TopicStream publisher, PublishMessage message, long epoch) {
        SharedMessage shared = new SharedMessage(bytes(publisher, message, epoch), memory);
        int[] sessions = new int[1];
        index.match(message.getNamespace(), message.getTopic(), subscriber -> {
            TopicStream stream = subscriber.stream();
            if (stream.isFirstMatch(sequence) && !stream.hasEnded()) {
                if (stream.offer(shared, message.getUndroppable())) {
                    sessions[0]++;
                    if (stream.touch()) {
                        touched.add(stream);
                    }
                } else {
                    dropped.increment();
                }
            }
        });
        shared.queued(sessions[0]);
        published.increment();
        queued.add(sessions[0]);
        return sessions[0];
    }

    private ByteString bytes(TopicStream publisher, PublishMessage message, long epoch) {
        sequence++;
        return PublishedMessage.newBuilder()
                .setNamespace(message.getNamespace())
                .setTopic(message.getTopic())
                .setEpoch(epoch)
                .setSequence(sequence)
                .setPublisher(publisher.sessionId())
                .setValue(message.getValue())
                .build()
                .toByteString();
    }

    private void wakeTouched() {
        touched.forEach(TopicStream::wakeTouched);
        touched.clear();
    }
}
