package io.coordinator.client.internal.durable;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Portions;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.AsyncDurableTopic;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.client.topic.TopicStatus;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ConfigureTopic;
import io.coordinator.protocol.DeleteTopic;
import io.coordinator.protocol.InspectTopic;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.PurgeTopic;
import io.coordinator.protocol.RedriveMessages;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One durable topic, as messages. */
final class DurableTopicCalls implements AsyncDurableTopic {
    private static final int PAGE_MAX = 10_000;

    private final Calls calls;
    private final ClientSide side;
    private final TopicTarget target;

    DurableTopicCalls(Calls calls, ClientSide side, TopicTarget target) {
        this.calls = calls;
        this.side = side;
        this.target = target;
    }

    Calls calls() {
        return calls;
    }

    TopicTarget target() {
        return target;
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public DurableTopicCalls withTimeout(Duration timeout) {
        return new DurableTopicCalls(calls.withTimeout(timeout), side, target);
    }

    // ---- publishing ----

    @Override
    public Promise<Long> publish(@Nullable Object value) {
        return publish("", value);
    }

    @Override
    public Promise<Long> publish(String key, @Nullable Object value) {
        return send(
                () -> MessageBatches.of(List.of(new NewMessage(key, value)), calls.json()), offsets -> offsets.get(0));
    }

    @Override
    public Promise<List<Long>> publishAll(List<NewMessage> messages) {
        return send(() -> MessageBatches.of(messages, calls.json()), List::copyOf);
    }

    /** Publishes what is made here. */
    <T> Promise<T> send(java.util.function.Supplier<PublishMessages.Builder> publish, Function<List<Long>, T> offsets) {
        return command(
                body -> body.setPublish(publish.get()),
                reply -> offsets.apply(reply.getPublished().getOffsetsList()));
    }

    @Override
    public ProducerCalls producer(String id) {
        return new ProducerCalls(this, Calls.checkName("producer", id));
    }

    // ---- reading ----

    @Override
    public Promise<RecordPage> read(StartAt start, int count) {
        return calls.promises().attempt(() -> {
            Arguments.positive("count", count);
            if (count > PAGE_MAX) {
                throw new ValidationException("count must be at most " + PAGE_MAX + ", but is " + count);
            }
            StartPosition position = TopicEnvelopes.position(start);
            return RecordPages.read(
                    calls,
                    target,
                    position,
                    count,
                    0,
                    (topic, page, json) -> RecordPages.view(position, topic, page, json));
        });
    }

    @Override
    public RecordSubscription subscribe(StartAt start, RecordListener listener) {
        return new ListenerSubscription(calls, side, target, start, listener).begin();
    }

    @Override
    public Flow.Publisher<TopicRecord> records(StartAt start) {
        return new RecordPublisher(calls, side, target, start);
    }

    @Override
    public GroupCalls group(String name) {
        return new GroupCalls(this, side, Calls.checkName("group", name));
    }

    // ---- the topic itself ----

    @Override
    public Promise<Boolean> configure(TopicOptions options) {
        return configure(options, false);
    }

    @Override
    public Promise<Boolean> create(TopicOptions options) {
        return configure(options, true);
    }

    private Promise<Boolean> configure(TopicOptions options, boolean createOnly) {
        return command(
                body -> body.setConfigure(ConfigureTopic.newBuilder()
                        .setSettings(TopicViews.settings(options))
                        .setCreateOnly(createOnly)),
                reply -> reply.getConfigured().getCreated());
    }

    @Override
    public Promise<Optional<TopicStatus>> inspect() {
        return query(
                body -> body.setInspect(InspectTopic.getDefaultInstance()),
                answer -> answer.getTopic().getInspection().getExists()
                        ? Optional.of(TopicViews.status(answer.getTopic().getInspection()))
                        : Optional.empty());
    }

    @Override
    public Promise<Long> purge(long beforeOffset) {
        return command(
                body -> {
                    Arguments.notNegative("beforeOffset", beforeOffset);
                    body.setPurge(PurgeTopic.newBuilder().setBeforeOffset(beforeOffset));
                },
                reply -> reply.getPurged().getFirstOffset());
    }

    @Override
    public Promise<Boolean> delete() {
        return command(
                body -> body.setDelete(DeleteTopic.getDefaultInstance()),
                reply -> reply.getDeleted().getExisted());
    }

    @Override
    public Promise<Long> redrive() {
        return Portions.all(calls.promises(), this::redrivePart);
    }

    @Override
    public Promise<Long> redrive(long count) {
        return calls.promises().attempt(() -> {
            Arguments.positive("count", count);
            return Portions.upTo(calls.promises(), count, this::redrivePart);
        });
    }

    private Promise<Portions.Portion> redrivePart(long count) {
        return command(
                body -> body.setRedrive(RedriveMessages.newBuilder().setCount(count)),
                reply -> new Portions.Portion(
                        reply.getRedriven().getCount(), reply.getRedriven().getMore()));
    }

    // ---- messages ----

    /** Commands something about the topic; failures of what makes the body reach the caller by the stage. */
    <T> Promise<T> command(Consumer<TopicCommand.Builder> operation, Function<TopicReply, T> decoder) {
        return calls.command(
                TopicEnvelopes.TOPIC,
                () -> {
                    TopicCommand.Builder body = target.command();
                    operation.accept(body);
                    return body.build();
                },
                (Reply reply) -> decoder.apply(reply.getTopic()));
    }

    /** Asks something about the topic. */
    <T> Promise<T> query(Consumer<TopicQuery.Builder> operation, Function<Answer, T> decoder) {
        return calls.reading()
                .query(
                        TopicEnvelopes.TOPIC,
                        () -> {
                            TopicQuery.Builder body = target.query();
                            operation.accept(body);
                            return body.build();
                        },
                        decoder);
    }

    /** The same for callers that wait. */
    DurableTopic blocking() {
        return new BlockingDurableTopic(this);
    }
}
