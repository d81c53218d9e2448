package io.coordinator.state.build;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildAnswer;
import io.coordinator.protocol.BuildList;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/** Reads builds. */
final class BuildQueries {
    private final Table<BuildRecord> records;
    private final WaitQueues<BuildWaiter> waiters;

    BuildQueries(Table<BuildRecord> records, WaitQueues<BuildWaiter> waiters) {
        this.records = records;
        this.waiters = waiters;
    }

    Answer.Builder answer(BuildQuery build) {
        Name name = Name.of(build.getNamespace(), build.getKey());
        return switch (build.getOperationCase()) {
            case GET -> answer(BuildAnswer.newBuilder().setStatus(status(name)));
            case LIST -> answer(BuildAnswer.newBuilder().setList(list(name, build.getList())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the build query is unknown to this version; upgrade this node");
        };
    }

    private BuildStatus status(Name name) {
        BuildRecord build = records.get(name.key());
        if (build == null || !build.hasResult()) {
            return unfinished(name, build).build();
        }
        return BuildStatus.newBuilder()
                .setState(BuildStatus.State.EXISTS)
                .setResult(build.getResult())
                .setToken(build.getToken())
                .build();
    }

    /** A kept failure is none of its states: what is kept is only that asking again is of no use yet. */
    private BuildStatus.Builder unfinished(Name name, @Nullable BuildRecord build) {
        BuildStatus.Builder status = BuildStatus.newBuilder();
        return build == null || build.getSessionId() == 0
                ? status
                : status.setState(BuildStatus.State.PENDING)
                        .setProgress(build.getProgress())
                        .setWaiters(waiters.size(name.key()))
                        .setToken(build.getToken());
    }

    private BuildList list(Name prefix, ListBuilds list) {
        NameScan keys = new NameScan(records::ceilingKey, records::higherKey, prefix.namespace(), prefix.name());
        Page page = new Page(list.getLimit());
        BuildList.Builder builds = BuildList.newBuilder();
        String key = keys.firstAfter(list.getAfter().isEmpty() ? "" : prefix.namespace(), list.getAfter());
        while (key != null) {
            Name name = Name.ofKey(key);
            BuildStatus status = summary(name);
            if (!page.takes(key.length() + status.getSerializedSize())) {
                return builds.setMore(true).build();
            }
            builds.addKeys(name.name()).addBuilds(status);
            key = keys.next(key);
        }
        return builds.build();
    }

    private BuildStatus summary(Name name) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            throw new IllegalStateException("the order of keys names a row that is gone");
        }
        return build.hasResult()
                ? BuildStatus.newBuilder()
                        .setState(BuildStatus.State.EXISTS)
                        .setResult(build.getResult().toBuilder().clearValue())
                        .setToken(build.getToken())
                        .build()
                : unfinished(name, build).build();
    }

    private static Answer.Builder answer(BuildAnswer.Builder build) {
        return Answer.newBuilder().setBuild(build);
    }
}
