package io.coordinator.client.internal.builds;

import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.BuilderInfo;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildList;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.ClearBuilds;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TouchBuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster keeps of the builds of one namespace, for those who read it, list it, put something there or clear
 * it.
 */
final class BuildRecords {
    private static final TypeEnvelope<BuildCommand, BuildQuery> BUILD = new TypeEnvelope<>(
            Command.Builder::setBuild, Reply.OutcomeCase.BUILD, Query.Builder::setBuild, Answer.OutcomeCase.BUILD);

    private final Calls calls;
    private final String namespace;

    /** @param namespace checked */
    BuildRecords(Calls calls, String namespace) {
        this.calls = calls;
        this.namespace = namespace;
    }

    /** What is known of a build, on the loop. */
    Promise<Answer> got(String key) {
        return query(calls.with(Promises.direct()), get(key), Function.identity());
    }

    /** Tells that a result was accessed, and answers whether there is one. */
    Promise<Boolean> touch(String key) {
        return command(
                calls.with(Promises.direct()).unguarded(),
                key,
                body -> body.setTouch(TouchBuild.getDefaultInstance()),
                reply -> reply.getTouched().getExisted());
    }

    Promise<Long> put(String key, @Nullable Object value, PutOptions options) {
        return command(
                calls,
                key,
                body -> body.setPut(PutBuild.newBuilder()
                        .setValue(calls.json().write(value))
                        .setTtlMillis(options.expiry().map(Times::millis).orElse(0L))
                        .setSliding(options.slides())),
                reply -> reply.getCompleted().getRevision());
    }

    Promise<Long> clear(String prefix) {
        return command(
                calls,
                body -> body.setKey(Text.prefix("prefix", prefix)).setClear(ClearBuilds.getDefaultInstance()),
                reply -> reply.getCleared().getCount());
    }

    Promise<BuildPage> list(String prefix, String after, int limit, boolean onlyRunning) {
        return query(
                calls,
                body -> {
                    if (limit < 1) {
                        throw new ValidationException("limit must be at least 1, but is " + limit);
                    }
                    body.setKey(Text.prefix("prefix", prefix))
                            .setList(ListBuilds.newBuilder()
                                    .setAfter(Text.prefix("after", after))
                                    .setLimit(limit)
                                    .setOnlyRunning(onlyRunning));
                },
                answer -> page(answer.getBuild().getList(), answer.getRevision()));
    }

    private static BuildPage page(BuildList list, long revision) {
        List<BuildPage.Item> items = new ArrayList<>();
        for (int i = 0; i < list.getKeysCount(); i++) {
            io.coordinator.protocol.BuildStatus build = list.getBuilds(i);
            items.add(new BuildPage.Item(
                    list.getKeys(i), state(build.getState()), build.getWaiters(), builder(build), build.getTask()));
        }
        return new BuildPage(items, list.getMore(), revision);
    }

    Promise<BuildStatus> status(String key) {
        return query(
                calls.reading(), get(key), answer -> status(answer.getBuild().getStatus()));
    }

    Promise<Boolean> delete(String key) {
        return command(
                calls,
                key,
                body -> body.setDelete(DeleteBuild.getDefaultInstance()),
                reply -> reply.getDeleted().getExisted());
    }

    private static BuildStatus.State state(io.coordinator.protocol.BuildStatus.State state) {
        return switch (state) {
            case EMPTY, UNRECOGNIZED -> BuildStatus.State.EMPTY;
            case PENDING -> BuildStatus.State.PENDING;
            case EXISTS -> BuildStatus.State.EXISTS;
        };
    }

    private BuildStatus status(io.coordinator.protocol.BuildStatus status) {
        boolean exists = status.getState() == io.coordinator.protocol.BuildStatus.State.EXISTS;
        return new BuildStatus(
                state(status.getState()),
                exists ? calls.json().read(status.getResult().getValue()) : null,
                calls.json().readIfPresent(status.getProgress()),
                status.getWaiters(),
                status.getToken(),
                exists ? status.getResult().getRevision() : 0,
                builder(status),
                status.getTask(),
                status.getKeptMillis() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(status.getKeptMillis())));
    }

    private static Optional<BuilderInfo> builder(io.coordinator.protocol.BuildStatus build) {
        return build.getBuilderSessionId() == 0
                ? Optional.empty()
                : Optional.of(new BuilderInfo(
                        build.getBuilderSessionId(), build.getBuilder(), Duration.ofMillis(build.getRunningMillis())));
    }

    private static Consumer<BuildQuery.Builder> get(String key) {
        return body -> body.setKey(Calls.checkName("key", key)).setGet(GetBuild.getDefaultInstance());
    }

    private <T> Promise<T> query(Calls by, Consumer<BuildQuery.Builder> question, Function<Answer, T> decoder) {
        return by.query(
                BUILD,
                () -> {
                    BuildQuery.Builder body = BuildQuery.newBuilder().setNamespace(namespace);
                    question.accept(body);
                    return body.build();
                },
                decoder);
    }

    /** Sends a command about one build. */
    private <T> Promise<T> command(
            Calls by, String key, Consumer<BuildCommand.Builder> operation, Function<BuildReply, T> decoder) {
        return command(
                by,
                body -> {
                    body.setKey(Calls.checkName("key", key));
                    operation.accept(body);
                },
                decoder);
    }

    private <T> Promise<T> command(
            Calls by, Consumer<BuildCommand.Builder> operation, Function<BuildReply, T> decoder) {
        return by.command(
                BUILD,
                () -> {
                    BuildCommand.Builder body = BuildCommand.newBuilder().setNamespace(namespace);
                    operation.accept(body);
                    return body.build();
                },
                reply -> decoder.apply(reply.getBuild()));
    }
}
