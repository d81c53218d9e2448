package io.coordinator.server.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.protocol.TopicsSubscribed;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.side.SideStream;
import io.coordinator.server.side.SideStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's end of one client's topic stream. Answers go before messages. */
public final class TopicStream extends SideStream<TopicClientFrame, TopicServerFrame> {
    private final TopicExchange exchange;
    private final SideStreams streams;
    private final MessageQueue messages;
    // Of the exchange's thread.
    private final Map<Long, Subscriber> subscriptions = new HashMap<>(0);
    private long lastSequence;
    private boolean dropping;

    TopicStream(TopicExchange exchange, SideStreams streams, FrameSink<TopicServerFrame> sink, MessageQueue messages) {
        super(streams, sink);
        this.exchange = exchange;
        this.streams = streams;
        this.messages = messages;
    }

    // ---- on the transport's thread ----

    @Override
    protected Optional<TopicHello> hello(TopicClientFrame frame) {
        return frame.hasHello() ? Optional.of(frame.getHello()) : Optional.empty();
    }

    /** What is bad of itself is refused alone; the rest of its frame is served. */
    @Override
    protected void serve(TopicClientFrame frame) {
        Optional<Error> bad = exchange.gate().refuse(frame);
        if (bad.isPresent()) {
            goodbye(bad.get());
            return;
        }
        List<PublishMessage> publish = new ArrayList<>(frame.getPublishCount());
        for (PublishMessage message : frame.getPublishList()) {
            exchange.gate()
                    .refuse(message)
                    .ifPresentOrElse(error -> refused(message.getId(), error), () -> publish.add(message));
        }
        List<SubscribeTopics> subscribe = new ArrayList<>(frame.getSubscribeCount());
        for (SubscribeTopics wanted : frame.getSubscribeList()) {
            exchange.gate()
                    .refuse(wanted)
                    .ifPresentOrElse(error -> answer(Fanout.refused(wanted, error)), () -> subscribe.add(wanted));
        }
        exchange.serve(this, new TopicExchange.Wishes(frame.getUnsubscribeList(), subscribe, publish));
    }

    private void refused(long message, Error error) {
        if (message != 0) {
            answer(MessagePublished.newBuilder().setId(message).setError(error).build());
        }
    }

    @Override
    protected @Nullable TopicServerFrame nextFrame() {
        TopicServerFrame.Builder frame = TopicServerFrame.newBuilder();
        boolean answers = takeAnswers(next -> add(frame, next));
        return messages.fill(frame) || answers ? frame.build() : null;
    }

    private static void add(TopicServerFrame.Builder frame, Object answer) {
        if (answer instanceof MessagePublished published) {
            frame.addPublished(published);
        } else if (answer instanceof TopicsSubscribed subscribed) {
            frame.addSubscribed(subscribed);
        } else if (answer instanceof TopicWelcome welcome) {
            frame.setWelcome(welcome);
        }
    }

    @Override
    protected TopicServerFrame goodbyeFrame(Error why) {
        return TopicServerFrame.newBuilder().setGoodbye(why).build();
    }

    @Override
    protected void written() {
        messages.written();
    }

    @Override
    protected void clear() {
        messages.clear();
    }

    // ---- on the exchange's thread ----

    @Override
    protected void left() {
        exchange.left(this);
    }

    Map<Long, Subscriber> subscriptions() {
        return subscriptions;
    }

    /** True the first time that it is asked for a message: however many subscriptions match, one copy is sent. */
    boolean isFirstMatch(long sequence) {
        boolean first = lastSequence != sequence;
        lastSequence = sequence;
        return first;
    }

    /** Puts a message in line, or drops it; one that must not be dropped ends a stream that has no room for it. */
    boolean offer(SharedMessage message, boolean undroppable) {
        boolean queued = messages.offer(message, undroppable);
        if (!queued && !dropping) {
            exchange.dropping(sessionId());
        }
        dropping = !queued;
        if (!queued && (undroppable || messages.isTooFarBehind())) {
            streams.slow(this);
        }
        return queued;
    }
}
