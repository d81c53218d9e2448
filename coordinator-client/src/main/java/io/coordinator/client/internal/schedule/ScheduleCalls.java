package io.coordinator.client.internal.schedule;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleOutcome;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduledJob;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.InspectSchedule;
import io.coordinator.protocol.ListSchedules;
import io.coordinator.protocol.PauseSchedule;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleInspection;
import io.coordinator.protocol.ScheduleProgress;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleReply;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.protocol.ScheduleTriggered;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.protocol.TriggerSchedule;
import io.coordinator.schedule.NominalTimes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** The schedules of a namespace, as messages. */
public final class ScheduleCalls implements AsyncSchedules {
    private static final TypeEnvelope<ScheduleCommand, ScheduleQuery> SCHEDULE = new TypeEnvelope<>(
            Command.Builder::setSchedule,
            Reply.OutcomeCase.SCHEDULE,
            Query.Builder::setSchedule,
            Answer.OutcomeCase.SCHEDULE);
    private static final int NEXT = 5;
    private static final int PREVIEW_MAX = 10_000;

    private final Calls calls;
    private final String namespace;

    public ScheduleCalls(Calls calls, String namespace) {
        this.calls = calls;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    // ---- setting ----

    @Override
    public Promise<ScheduleOutcome> set(String name, ScheduleOptions options) {
        return set(name, options, false);
    }

    @Override
    public Promise<ScheduleOutcome> create(String name, ScheduleOptions options) {
        return set(name, options, true);
    }

    private Promise<ScheduleOutcome> set(String name, ScheduleOptions options, boolean createOnly) {
        AtomicReference<ScheduleSettings> sent = new AtomicReference<>();
        return command(
                name,
                body -> {
                    ScheduleSettings settings = ScheduleMessages.settings(options, calls.json());
                    sent.set(settings);
                    body.setSet(SetSchedule.newBuilder().setSettings(settings).setCreateOnly(createOnly));
                },
                reply -> {
                    ScheduleProgress progress = reply.getSet().getProgress();
                    NominalTimes times = ScheduleMessages.times(
                            Objects.requireNonNull(sent.get(), "settings"), progress.getSetDateMillis());
                    return new ScheduleOutcome(
                            reply.getSet().getCreated(),
                            ScheduleMessages.next(times, ScheduleMessages.begun(progress), NEXT));
                });
    }

    @Override
    public Promise<Boolean> delete(String name) {
        return command(
                name,
                body -> body.setDelete(DeleteSchedule.getDefaultInstance()),
                reply -> reply.getDeleted().getExisted());
    }

    @Override
    public Promise<Boolean> pause(String name) {
        return pause(name, true);
    }

    @Override
    public Promise<Boolean> resume(String name) {
        return pause(name, false);
    }

    private Promise<Boolean> pause(String name, boolean paused) {
        return command(
                name,
                body -> body.setPause(PauseSchedule.newBuilder().setPaused(paused)),
                reply -> reply.getPaused().getExisted());
    }

    @Override
    public Promise<ScheduledJob> trigger(String name) {
        return command(name, body -> body.setTrigger(TriggerSchedule.getDefaultInstance()), reply -> {
            ScheduleTriggered triggered = reply.getTriggered();
            return new ScheduledJob(triggered.getQueue(), triggered.getJobId());
        });
    }

    private <T> Promise<T> command(
            String name, Consumer<ScheduleCommand.Builder> operation, Function<ScheduleReply, T> decoder) {
        return calls.command(
                SCHEDULE,
                () -> {
                    ScheduleCommand.Builder command = ScheduleCommand.newBuilder()
                            .setNamespace(namespace)
                            .setName(Calls.checkName("schedule", name));
                    operation.accept(command);
                    return command.build();
                },
                reply -> decoder.apply(reply.getSchedule()));
    }

    // ---- looking ----

    @Override
    public Promise<Optional<ScheduleStatus>> get(String name) {
        return inspect(
                name,
                inspection -> inspection.getExists()
                        ? Optional.of(ScheduleMessages.status(inspection.getSummary(), calls.json()))
                        : Optional.empty());
    }

    private <T> Promise<T> inspect(String name, Function<ScheduleInspection, T> decoder) {
        return calls.reading()
                .query(
                        SCHEDULE,
                        () -> ScheduleQuery.newBuilder()
                                .setNamespace(namespace)
                                .setName(Calls.checkName("schedule", name))
                                .setInspect(InspectSchedule.getDefaultInstance())
                                .build(),
                        answer -> decoder.apply(answer.getSchedule().getInspection()));
    }

    @Override
    public Promise<List<ScheduleStatus>> list(String prefix, String after, int limit) {
        return calls.reading()
                .query(
                        SCHEDULE,
                        () -> {
                            Arguments.positive("limit", limit);
                            return ScheduleQuery.newBuilder()
                                    .setNamespace(namespace)
                                    .setList(ListSchedules.newBuilder()
                                            .setPrefix(Text.prefix("prefix", prefix))
                                            .setAfterNamespace(after.isEmpty() ? "" : namespace)
                                            .setAfterName(Text.prefix("after", after))
                                            .setLimit(limit))
                                    .build();
                        },
                        answer -> answer.getSchedule().getList().getSchedulesList().stream()
                                .map(summary -> ScheduleMessages.status(summary, calls.json()))
                                .toList());
    }

    // ---- times ----

    @Override
    public Promise<List<Instant>> preview(ScheduleOptions options, int count) {
        return calls.promises().attempt(() -> {
            checkCount(count);
            long now = System.currentTimeMillis();
            NominalTimes times =
                    ScheduleMessages.times(ScheduleMessages.timing(options).build(), now);
            Promise<List<Instant>> promise = calls.promises().make();
            promise.succeed(ScheduleMessages.next(times, now, count));
            return promise;
        });
    }

    @Override
    public Promise<List<Instant>> preview(String name, int count) {
        return calls.promises().attempt(() -> {
            checkCount(count);
            return inspect(name, inspection -> {
                if (!inspection.getExists()) {
                    throw new KeyNotFoundException("there is no schedule \"" + name + "\" in namespace \"" + namespace
                            + "\"; check its name and the namespace");
                }
                return preview(inspection.getSummary(), count);
            });
        });
    }

    private static List<Instant> preview(ScheduleSummary summary, int count) {
        ScheduleProgress progress = summary.getProgress();
        NominalTimes times = ScheduleMessages.times(summary.getSettings(), progress.getSetDateMillis());
        long from = Math.max(System.currentTimeMillis(), progress.getDecidedMillis());
        return ScheduleMessages.next(times, from, count);
    }

    private static void checkCount(int count) {
        Arguments.positive("count", count);
        if (count > PREVIEW_MAX) {
            throw new ValidationException("count must be at most " + PREVIEW_MAX + ", but is " + count);
        }
    }
}
