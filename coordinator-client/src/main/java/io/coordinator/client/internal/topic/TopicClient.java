package io.coordinator.client.internal.topic;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.Backoff;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionSettings;
import io.coordinator.client.internal.session.StreamWatcher;
import io.coordinator.client.internal.side.SideConnection;
import io.coordinator.client.internal.side.SideFrames;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.PublishedMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TopicsSubscribed;
import io.coordinator.protocol.WatchUpdate;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ephemeral topics of a client: one stream for all subscriptions, and for what is published. Lives on the loop,
 * except where it says any thread.
 */
public final class TopicClient implements StreamWatcher {
    private static final Logger log = LoggerFactory.getLogger(TopicClient.class);
    private static final SideFrames<TopicClientFrame, TopicServerFrame> FRAMES = new SideFrames<>(
            "topic stream",
            CoordinatorServiceGrpc.getTopicsMethod(),
            hello -> TopicClientFrame.newBuilder().setHello(hello).build(),
            TopicServerFrame::hasWelcome,
            TopicServerFrame::hasGoodbye,
            TopicServerFrame::getGoodbye);

    private final SessionChannel channel;
    private final JsonCodec json;
    private final boolean failFast;
    private final Subscribed subscribed = new Subscribed();
    private final OutgoingMessages publishing;
    private final SideConnection<TopicClientFrame, TopicServerFrame> connection;
    private final Set<LiveTopic> holders = new HashSet<>();
    private boolean flushing;
    private long lastEpoch;
    private long lastSequence;
    private @Nullable Supplier<CoordinatorException> ended;

    public TopicClient(SessionSettings settings, SessionChannel channel, Transport transport, JsonCodec json) {
        this.channel = channel;
        this.json = json;
        failFast = settings.failFast();
        publishing = new OutgoingMessages(channel, settings.pendingCallsMax(), settings.pendingBytesMax());
        Backoff backoff = new Backoff(
                settings.backoffMin(),
                settings.backoffMax(),
                () -> ThreadLocalRandom.current().nextDouble());
        connection = new SideConnection<>(
                FRAMES, channel, transport, backoff, Times.nanos(settings.connectTimeout()), new Streaming());
    }

    // ---- on any thread ----

    /** Runs something on the loop. */
    void onLoop(Runnable task) {
        channel.loop().run(task);
    }

    OutgoingMessages publishing() {
        return publishing;
    }

    /** Publishes, or ends the call by its deadline. It is admitted already. */
    void publish(PublishCall call, long timeoutNanos) {
        long deadline = channel.loop().deadlineIn(timeoutNanos);
        if (!channel.loop().offer(() -> accept(call, deadline))) {
            publishing.fail(call, SessionChannel.closed(false));
            return;
        }
        call.promise().onCancel(() -> onLoop(() -> publishing.leave(call)));
    }

    /** Subscribes; the promise of the subscription tells what became of it. */
    void subscribe(LiveTopic topic, long timeoutNanos) {
        long deadline = channel.loop().deadlineIn(timeoutNanos);
        channel.onLoop(() -> accept(topic, deadline), closed -> topic.started().fail(closed));
        topic.started().onCancel(topic::close);
    }

    // ---- publishing ----

    /** Why nothing is begun, if that is so. */
    private @Nullable CoordinatorException refusal() {
        if (ended != null) {
            return ended.get();
        }
        return failFast && channel.leaderEndpoint() == null
                ? new DisconnectedException("not connected, and failFast is set", false, null)
                : null;
    }

    private void accept(PublishCall call, long deadlineNanos) {
        CoordinatorException refusal = refusal();
        if (refusal != null) {
            publishing.fail(call, refusal);
        } else if (!call.hasEnded()) {
            channel.addDeadline(call, deadlineNanos);
            publishing.add(call);
            scheduleFlush();
            connection.want();
        }
    }

    /** What is published while the loop is busy leaves together. */
    private void scheduleFlush() {
        if (!flushing) {
            flushing = true;
            channel.loop().execute(() -> {
                flushing = false;
                SideLink<TopicClientFrame> link = connection.link();
                if (link != null) {
                    publishing.flush(link);
                }
            });
        }
    }

    // ---- subscriptions ----

    private void accept(LiveTopic topic, long deadlineNanos) {
        CoordinatorException refusal = refusal();
        if (refusal != null) {
            topic.end(refusal);
            return;
        }
        if (!topic.isActive()) {
            return; // Taken back meanwhile.
        }
        Subscribed.Group group = subscribed.add(topic);
        if (group.isConfirmed()) {
            topic.confirmed();
            return;
        }
        awaitConfirmation(topic, deadlineNanos);
        SideLink<TopicClientFrame> link = connection.link();
        if (link != null && group.members().size() == 1) {
            link.send(TopicClientFrame.newBuilder().addSubscribe(message(group)).build());
        }
        connection.want();
    }

    private void awaitConfirmation(LiveTopic topic, long deadlineNanos) {
        DeadlineWheel.Timeout timeout = new DeadlineWheel.Timeout() {
            @Override
            protected void onTimeout() {
                remove(topic);
                topic.end(new RequestTimeoutException(
                        "the leader has not confirmed the subscription in time; there is none", false, null));
            }
        };
        channel.addDeadline(timeout, deadlineNanos);
        var unused = topic.started().handle((value, error) -> {
            onLoop(() -> channel.removeDeadline(timeout));
            return true;
        });
    }

    private static SubscribeTopics message(Subscribed.Group group) {
        return SubscribeTopics.newBuilder()
                .setId(group.id())
                .setNamespace(group.pattern().namespace())
                .setTopic(group.pattern().topic())
                .setPrefix(group.pattern().prefix())
                .build();
    }

    void remove(LiveTopic topic) {
        topic.letGo();
        Subscribed.Group left = subscribed.remove(topic);
        SideLink<TopicClientFrame> link = connection.link();
        if (left != null && link != null) {
            link.send(TopicClientFrame.newBuilder().addUnsubscribe(left.id()).build());
        }
    }

    private void onSubscribed(TopicsSubscribed answer) {
        Subscribed.Group group = subscribed.byId(answer.getId());
        if (group == null) {
            return; // Closed meanwhile.
        }
        if (answer.hasError()) {
            subscribed.forget(group);
            group.members().forEach(topic -> topic.end(Errors.of(answer.getError())));
        } else {
            group.confirmed();
            group.members().forEach(LiveTopic::confirmed);
        }
    }

    void hold(LiveTopic topic) {
        holders.add(topic);
        connection.hold(true);
    }

    void release(LiveTopic topic) {
        holders.remove(topic);
        connection.hold(!holders.isEmpty());
    }

    // ---- the stream ----

    private final class Streaming implements SideConnection.Owner<TopicClientFrame, TopicServerFrame> {
        @Override
        public boolean isWanted() {
            return !subscribed.isEmpty() || !publishing.isIdle();
        }

        @Override
        public void onWelcome(SideLink<TopicClientFrame> link) {
            TopicClientFrame.Builder frame = TopicClientFrame.newBuilder();
            subscribed.all().forEach(group -> frame.addSubscribe(message(group)));
            if (frame.getSubscribeCount() > 0) {
                link.send(frame.build());
            }
            publishing.flush(link);
        }

        @Override
        public void onFrame(TopicServerFrame frame) {
            frame.getSubscribedList().forEach(TopicClient.this::onSubscribed);
            frame.getPublishedList().forEach(publishing::answered);
            frame.getMessagesList().forEach(TopicClient.this::onMessage);
            if (frame.getDropped() > 0) {
                subscribed
                        .all()
                        .forEach(group -> group.members().forEach(topic -> topic.droppedInCluster(frame.getDropped())));
            }
        }

        @Override
        public void onReady(SideLink<TopicClientFrame> link) {
            publishing.flush(link);
        }

        @Override
        public void onLost(String why) {
            subscribed.lost();
            publishing.lost(() -> new DisconnectedException(
                    "the topic stream was lost (" + why + ") before the leader answered; the message may have been"
                            + " delivered",
                    true,
                    null));
        }
    }

    private void onMessage(ByteString bytes) {
        PublishedMessage message;
        try {
            message = PublishedMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            log.warn("The cluster sent a message that is none; it is left out", e);
            return;
        }
        if (isNew(message)) {
            ReceivedMessage received = new ReceivedMessage(message, json);
            subscribed.match(message.getNamespace(), message.getTopic(), topic -> topic.offer(received));
        }
    }

    /** Nothing is shown twice, nor what a leader sends that has been deposed and does not know it. */
    private boolean isNew(PublishedMessage message) {
        if (message.getEpoch() < lastEpoch
                || (message.getEpoch() == lastEpoch && message.getSequence() <= lastSequence)) {
            return false;
        }
        lastEpoch = message.getEpoch();
        lastSequence = message.getSequence();
        return true;
    }

    // ---- the session ----

    @Override
    public void onAttached() {
        connection.attached();
    }

    @Override
    public void onUpdate(WatchUpdate update) {}

    /** Terms and numbers begin again. */
    @Override
    public void onRestored(long revision) {
        lastEpoch = 0;
        lastSequence = 0;
    }

    @Override
    public void onEnd(Supplier<CoordinatorException> why) {
        ended = why;
        connection.end();
        publishing.end(why);
        subscribed.all().forEach(group -> {
            subscribed.forget(group);
            group.members().forEach(topic -> topic.end(why.get()));
        });
    }
}
