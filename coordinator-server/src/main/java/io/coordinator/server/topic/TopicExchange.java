package io.coordinator.server.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.SessionFollower;
import io.coordinator.server.session.SideDoor;
import io.coordinator.server.side.SideMemory;
import io.coordinator.server.side.SideStreams;
import io.coordinator.state.MessageGate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Ephemeral topics on the leader: who subscribed to what, and messages on their way from one stream to others.
 * One thread decides, so that all messages have one order; it only puts them in line, and each transport's own thread
 * writes them. How many sessions a message went to is told when it is proven that this node led when it was put in
 * line.
 */
public final class TopicExchange {
    private final TopicSettings settings;
    private final MessageGate gate;
    private final LeaderView leadership;
    private final LeadershipProofs proofs;
    private final SideMemory memory;
    private final SideStreams streams;
    private volatile LongConsumer dropping = session -> {};
    /** Of the thread. */
    private final Fanout fanout;

    /**
     * Serves nobody yet.
     *
     * @param gate the rules of what clients send
     * @param thread runs one task at a time, in order, and none in place
     */
    public TopicExchange(
            String node,
            TopicSettings settings,
            MessageGate gate,
            LeaderView leadership,
            SideDoor door,
            LeadershipProofs proofs,
            Executor thread) {
        this.settings = settings;
        this.gate = gate;
        this.leadership = leadership;
        this.proofs = proofs;
        this.streams = new SideStreams(kind(settings), node, leadership, door, thread);
        this.memory = new SideMemory(settings.memoryBytes());
        this.fanout = new Fanout(settings, memory);
    }

    private static SideStreams.Kind kind(TopicSettings settings) {
        return new SideStreams.Kind(
                "topic stream",
                "the messages of its topics, which are lost; its session goes on, open another topic stream and"
                        + " subscribe again",
                settings.streamsMax(),
                settings.slowConsumerMillis());
    }

    /** A client has opened a topic stream; on its transport's thread. */
    public TopicStream connect(FrameSink<TopicServerFrame> sink) {
        MessageQueue queue = new MessageQueue(settings.softLimitBytes(), settings.hardLimitBytes(), memory);
        TopicStream stream = new TopicStream(this, streams, sink, queue);
        streams.connect(stream);
        return stream;
    }

    /** Ends streams whose clients say nothing, or do not take what they are sent. */
    public void sweep(long nowNanos) {
        streams.sweep(nowNanos);
    }

    /** What it has to hear of sessions. */
    public SessionFollower follower() {
        return streams;
    }

    // ---- figures ----

    /** Topic streams open. */
    public int openStreams() {
        return streams.open();
    }

    /** Subscriptions of all streams. */
    public int subscriptions() {
        return fanout.subscriptions();
    }

    /** Messages that were published. */
    public long published() {
        return fanout.published();
    }

    /** Messages that were put in line, once for each stream. */
    public long queued() {
        return fanout.queued();
    }

    /** Messages that were dropped, once for each stream. */
    public long dropped() {
        return fanout.dropped();
    }

    /** Streams that ended since their clients were too far behind, or took nothing. */
    public long slowConsumers() {
        return streams.slowConsumers();
    }

    /** The heap that waiting messages take, each counted once. */
    public long waitingBytes() {
        return memory.used();
    }

    // ---- for streams, on any thread ----

    MessageGate gate() {
        return gate;
    }

    /** What a frame asks for, in this order, as far as it is well formed. */
    record Wishes(List<Long> unsubscribe, List<SubscribeTopics> subscribe, List<PublishMessage> publish) {}

    void serve(TopicStream stream, Wishes wishes) {
        streams.run(() -> serveNow(stream, wishes));
    }

    /** Has somebody told of each session for which messages begin to be dropped; it must return at once. */
    public void onDropping(LongConsumer listener) {
        dropping = listener;
    }

    void dropping(long sessionId) {
        dropping.accept(sessionId);
    }

    // ---- on the thread ----

    void left(TopicStream stream) {
        fanout.unsubscribeAll(stream);
    }

    private void serveNow(TopicStream stream, Wishes wishes) {
        if (stream.hasEnded()) {
            return;
        }
        wishes.unsubscribe().forEach(id -> fanout.unsubscribe(stream, id));
        wishes.subscribe().forEach(wanted -> stream.answer(fanout.subscribe(stream, wanted)));
        if (!wishes.publish().isEmpty()) {
            publish(stream, wishes.publish());
        }
        stream.wantFrame();
        stream.wake();
    }

    private void publish(TopicStream publisher, List<PublishMessage> messages) {
        if (!streams.leads(publisher)) {
            return;
        }
        List<MessagePublished> answers = fanout.publish(publisher, messages, leadership.term());
        if (!answers.isEmpty()) {
            proofs.await(new Counted(publisher, answers));
        }
    }

    /** Answers that are true only of a leader. */
    private final class Counted implements LeadershipProofs.Claim {
        private final TopicStream publisher;
        private final List<MessagePublished> answers;

        Counted(TopicStream publisher, List<MessagePublished> answers) {
            this.publisher = publisher;
            this.answers = answers;
        }

        @Override
        public void proven() {
            answers.forEach(publisher::answer);
            publisher.wake();
        }

        @Override
        public void refused() {
            streams.notLeader(publisher);
        }
    }

    static Error error(ErrorCode code, String message) {
        return SideStreams.error(code, message);
    }
}
