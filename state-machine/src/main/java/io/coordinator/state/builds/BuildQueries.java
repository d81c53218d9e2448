package io.coordinator.state.builds;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildAnswer;
import io.coordinator.protocol.BuildList;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/** Reads builds. */
final class BuildQueries {
    /** Keys of builds that are over and are passed over; the list then goes on with the next page. */
    private static final int SKIPPED_MAX = 2_000;

    private final Reservations reservations;
    private final Table<BuildRecord> records;
    private final WaitQueues<BuildWaiter> waiters;
    private final SessionDirectory sessions;

    BuildQueries(Reservations reservations, WaitQueues<BuildWaiter> waiters, SessionDirectory sessions) {
        this.reservations = reservations;
        this.records = reservations.records();
        this.waiters = waiters;
        this.sessions = sessions;
    }

    Answer.Builder answer(Context at, BuildQuery build) {
        Name name = Name.of(build.getNamespace(), build.getKey());
        return switch (build.getOperationCase()) {
            case GET -> answer(BuildAnswer.newBuilder().setStatus(status(at, name)));
            case LIST -> answer(BuildAnswer.newBuilder().setList(list(at, name, build.getList())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the build query is unknown to this version; upgrade this node");
        };
    }

    private BuildStatus status(Context at, Name name) {
        BuildRecord build = reservations.seen(at, name);
        return build != null && build.hasResult()
                ? finished(at, build).setResult(build.getResult()).build()
                : unfinished(at, name, build).build();
    }

    /** Without its result. */
    private BuildStatus.Builder finished(Context at, BuildRecord build) {
        long expires = build.getResult().getExpiresAtMillis();
        return withBuilder(at, build)
                .setState(BuildStatus.State.EXISTS)
                .setKeptMillis(expires == 0 ? 0 : expires - at.nowMillis());
    }

    /** A kept failure is none of its states: what is kept is only that asking again is of no use yet. */
    private BuildStatus.Builder unfinished(Context at, Name name, @Nullable BuildRecord build) {
        return build == null || !Reservations.hasBuilder(build)
                ? BuildStatus.newBuilder()
                : withBuilder(at, build)
                        .setState(BuildStatus.State.PENDING)
                        .setProgress(build.getProgress())
                        .setWaiters(waiters.size(name.key()));
    }

    private BuildStatus.Builder withBuilder(Context at, BuildRecord build) {
        BuildStatus.Builder status =
                BuildStatus.newBuilder().setToken(build.getToken()).setTask(build.getTask());
        return Reservations.hasBuilder(build)
                ? status.setBuilderSessionId(build.getSessionId())
                        .setBuilder(sessions.clientName(build.getSessionId()))
                        .setRunningMillis(at.nowMillis() - build.getStartedAtMillis())
                : status;
    }

    private BuildList list(Context at, Name prefix, ListBuilds list) {
        NameScan keys = new NameScan(records::ceilingKey, records::higherKey, prefix.namespace(), prefix.name());
        Page page = new Page(list.getLimit());
        BuildList.Builder builds = BuildList.newBuilder();
        String key = keys.firstAfter(list.getAfter().isEmpty() ? "" : prefix.namespace(), list.getAfter());
        int skipped = 0;
        while (key != null) {
            Name name = Name.ofKey(key);
            BuildRecord build = listed(reservations.seen(at, name), list);
            skipped += build == null ? 1 : 0;
            // The last one that is passed over is listed as empty: the next page goes on behind it.
            if (build != null || skipped > SKIPPED_MAX) {
                BuildStatus status = summary(at, name, build);
                if (skipped > SKIPPED_MAX || !page.takes(key.length() + status.getSerializedSize())) {
                    return build == null
                            ? builds.addKeys(name.name())
                                    .addBuilds(status)
                                    .setMore(true)
                                    .build()
                            : builds.setMore(true).build();
                }
                builds.addKeys(name.name()).addBuilds(status);
            }
            key = keys.next(key);
        }
        return builds.build();
    }

    /** Null for one that this list passes over. */
    private static @Nullable BuildRecord listed(@Nullable BuildRecord build, ListBuilds list) {
        return build == null || (list.getOnlyRunning() && !Reservations.hasBuilder(build)) ? null : build;
    }

    private BuildStatus summary(Context at, Name name, @Nullable BuildRecord build) {
        if (build == null || !build.hasResult()) {
            return unfinished(at, name, build).build();
        }
        return finished(at, build)
                .setResult(build.getResult().toBuilder().clearValue())
                .build();
    }

    private static Answer.Builder answer(BuildAnswer.Builder build) {
        return Answer.newBuilder().setBuild(build);
    }
}
