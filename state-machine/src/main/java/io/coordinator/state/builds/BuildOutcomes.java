package io.coordinator.state.builds;

import com.google.protobuf.ByteString;
import io.coordinator.document.JsonText;
import io.coordinator.document.ObjectValue;
import io.coordinator.document.Scalar;
import io.coordinator.document.Value;
import io.coordinator.protocol.BuildCompleted;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ProgressReported;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReportProgress;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Sliding;
import io.coordinator.state.kernel.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What comes of builds, and who is told. */
final class BuildOutcomes {
    /** About what a reservation and one who waits for it take. */
    private static final int FAILURE_BYTES_FREEING = 1024;

    private final BuildWaiters waiters;
    private final Reservations reservations;
    private final Table<BuildRecord> records;

    BuildOutcomes(BuildWaiters waiters, Reservations reservations) {
        this.waiters = waiters;
        this.reservations = reservations;
        this.records = reservations.records();
    }

    Reply.Builder complete(Context at, Name name, CompleteBuild complete, Effects effects) {
        BuildRecord build = live(at, name, complete.getToken(), effects);
        if (build == null) {
            return BuildReplies.lost(name, complete.getToken());
        }
        reservations.forgetBuilder(build);
        BuildResult result = result(
                at,
                effects.change(DataKind.BUILD, name, ChangeKind.COMPLETED, complete.getValue()),
                complete.getValue(),
                complete.getTtlMillis(),
                complete.getSliding(),
                complete.getRefreshAfterMillis());
        if (complete.getDiscard()) {
            records.remove(name.key());
        } else {
            BuildRecord.Builder kept = BuildRecord.newBuilder().setTask(build.getTask());
            reservations.keep(name, kept.setResult(result), effects);
        }
        tellResult(name, result, effects);
        return BuildReplies.reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
    }

    Reply.Builder put(Context at, Name name, PutBuild put, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build != null && Reservations.hasBuilder(build)) {
            BuildEvents.lost(name, build, BuildLost.Reason.REPLACED, effects);
            reservations.forgetBuilder(build);
        }
        BuildResult result = result(
                at,
                effects.change(DataKind.BUILD, name, ChangeKind.PUT, put.getValue()),
                put.getValue(),
                put.getTtlMillis(),
                put.getSliding(),
                put.getRefreshAfterMillis());
        reservations.keep(name, BuildRecord.newBuilder().setResult(result), effects);
        tellResult(name, result, effects);
        return BuildReplies.reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
    }

    /** The value is kept once for all who wait, however many they are (C-06). */
    private void tellResult(Name name, BuildResult result, Effects effects) {
        BuildEvent.Builder completed =
                BuildEvents.of(name).setCompleted(result.toBuilder().clearValue());
        tell(name, WaiterKind.ALL, completed, result.getValue(), effects);
    }

    private void tell(Name name, Set<WaiterKind> kinds, BuildEvent.Builder outcome, ByteString value, Effects effects) {
        if (waiters.first(name, kinds) != null) {
            Event.Builder event = Event.newBuilder().setBuild(outcome);
            effects.share(value).putInto(event);
            waiters.tell(name, kinds, event, effects, effects.slice());
        }
    }

    private static BuildResult result(
            Context at, long revision, ByteString value, long ttlMillis, boolean sliding, long refreshAfterMillis) {
        boolean slides = sliding && ttlMillis > 0;
        return BuildResult.newBuilder()
                .setValue(value)
                .setRevision(revision)
                .setExpiresAtMillis(slides ? Sliding.expiry(at, ttlMillis) : at.deadlineAfter(ttlMillis))
                .setSlidingMillis(slides ? ttlMillis : 0)
                .setRefreshAtMillis(at.deadlineAfter(refreshAfterMillis))
                .build();
    }

    /**
     * Everyone who waits at this moment fails with the builder, but for those who take over; the next one to ask builds
     * anew.
     */
    Reply.Builder fail(Context at, Name name, FailBuild fail, Effects effects) {
        BuildRecord build = live(at, name, fail.getToken(), effects);
        if (build == null) {
            return BuildReplies.lost(name, fail.getToken());
        }
        BuildFailure failure = fail.getFailure();
        reservations.forgetBuilder(build);
        effects.change(DataKind.BUILD, name, ChangeKind.FAILED, toJson(failure));
        long until = at.deadlineAfter(fail.getKeepMillis());
        if (build.hasResult()) {
            BuildResult kept = build.getResult();
            long again = until == 0 ? kept.getRefreshAtMillis() : until;
            reservations.keepResult(
                    name,
                    build.toBuilder()
                            .setResult(kept.toBuilder().setRefreshAtMillis(again))
                            .build());
            return BuildReplies.failed();
        }
        records.remove(name.key());
        if (until != 0) {
            reservations.keep(name, BuildRecord.newBuilder().setFailure(failure).setFailureUntilMillis(until), effects);
        }
        tell(
                name,
                until == 0 ? WaiterKind.FAILING : WaiterKind.ALL,
                BuildEvents.of(name).setFailed(BuildFailure.getDefaultInstance()),
                failure.toByteString(),
                effects);
        if (until == 0) {
            reservations.promote(at, name, effects, effects.slice());
        }
        return BuildReplies.failed();
    }

    Reply.Builder progress(Context at, Name name, ReportProgress report, Effects effects) {
        BuildRecord build = live(at, name, report.getToken(), effects);
        if (build == null) {
            return BuildReplies.lost(name, report.getToken());
        }
        records.put(
                name.key(), build.toBuilder().setProgress(report.getProgress()).build());
        effects.change(DataKind.BUILD, name, ChangeKind.PROGRESS, report.getProgress());
        return BuildReplies.reply(BuildReply.newBuilder().setProgressed(ProgressReported.getDefaultInstance()));
    }

    private static ByteString toJson(BuildFailure failure) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", Scalar.string(failure.getType()));
        members.put("message", Scalar.string(failure.getMessage()));
        members.put("code", Scalar.string(failure.getCode()));
        return JsonText.write(ObjectValue.of(members));
    }

    /** The build that this token of this session names; null if the reservation is over. */
    private @Nullable BuildRecord live(Context at, Name name, long token, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        return build != null
                        && Reservations.hasBuilder(build)
                        && build.getToken() == token
                        && build.getSessionId() == at.sessionId()
                ? build
                : null;
    }

    /** What is kept for later, or told at length to those who wait, is no less than the reservation was. */
    static boolean isFreeing(FailBuild fail) {
        return fail.getKeepMillis() == 0 && fail.getFailure().getSerializedSize() <= FAILURE_BYTES_FREEING;
    }
}
