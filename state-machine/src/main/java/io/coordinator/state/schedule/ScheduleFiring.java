package io.coordinator.state.schedule;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleRow;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.ScheduledJobs;
import io.coordinator.state.kernel.Span;

/** Makes a job of a nominal time. */
final class ScheduleFiring {
    private final ScheduledJobs jobs;

    ScheduleFiring(ScheduledJobs jobs) {
        this.jobs = jobs;
    }

    /** The id of the job of a nominal time. */
    static String id(String schedule, long timeMillis) {
        return schedule + "@" + UtcText.of(timeMillis);
    }

    /**
     * Fires, or skips that.
     *
     * @param row where it is counted
     * @return whether there is a job
     */
    boolean fire(Context at, Name name, ScheduleRow.Builder row, long timeMillis, Effects effects) {
        ScheduleSettings settings = row.getSettings();
        if (settings.getOverlap() == OverlapPolicy.SKIP_NEXT && jobs.isUnfinished(name)) {
            return skip(name, row, timeMillis, "OVERLAP", effects);
        }
        if (settings.getOverlap() == OverlapPolicy.CANCEL_EARLIER) {
            jobs.cancel(at, name, effects);
        }
        String id = id(name.name(), timeMillis);
        NewJob.Builder job = job(name, settings, id).setDelayMillis(jitter(name, settings, timeMillis));
        Reply.Builder reply = jobs.submit(at, queue(name, settings), job.build(), effects);
        if (reply.hasError()) {
            return skip(name, row, timeMillis, "QUEUE_FULL", effects);
        }
        row.setFired(row.getFired() + 1).setLastFiredMillis(timeMillis).setLastJobId(id);
        effects.took(DataKind.SCHEDULE, Span.LATENESS, name, at.dateMillis() - timeMillis);
        String value = "{\"time\":\"" + UtcText.of(timeMillis) + "\",\"fired\":" + fired(row) + "}";
        effects.change(DataKind.SCHEDULE, name, ChangeKind.FIRED, ByteString.copyFromUtf8(value));
        return true;
    }

    /**
     * Fires once more, whatever runs.
     *
     * @param row where it is counted
     * @return the reply of the queue, which can be a refusal
     */
    Reply.Builder trigger(Context at, Name name, ScheduleRow.Builder row, Effects effects) {
        String ticket = Long.toUnsignedString(effects.nextTicket(), Character.MAX_RADIX);
        String id = name.name() + "@trigger-" + ticket;
        ScheduleSettings settings = row.getSettings();
        Reply.Builder reply =
                jobs.submit(at, queue(name, settings), job(name, settings, id).build(), effects);
        if (!reply.hasError()) {
            row.setFired(row.getFired() + 1).setLastJobId(id);
            String value = "{\"trigger\":\"" + ticket + "\",\"fired\":" + fired(row) + "}";
            effects.change(DataKind.SCHEDULE, name, ChangeKind.FIRED, ByteString.copyFromUtf8(value));
        }
        return reply;
    }

    private static boolean skip(Name name, ScheduleRow.Builder row, long timeMillis, String reason, Effects effects) {
        row.setSkipped(row.getSkipped() + 1);
        String value = "{\"time\":\"" + UtcText.of(timeMillis) + "\",\"reason\":\"" + reason + "\"}";
        effects.change(DataKind.SCHEDULE, name, ChangeKind.SKIPPED, ByteString.copyFromUtf8(value));
        return false;
    }

    private static String fired(ScheduleRow.Builder row) {
        return Long.toUnsignedString(row.getFired());
    }

    private static NewJob.Builder job(Name name, ScheduleSettings settings, String id) {
        return settings.getJob().toBuilder()
                .setId(id)
                .setSchedule(name.name())
                .setDelayMillis(0)
                .setAwait(false);
    }

    private static Name queue(Name name, ScheduleSettings settings) {
        return Name.of(name.namespace(), settings.getQueue());
    }

    /** From none to all of it; the same on every machine. */
    private static long jitter(Name name, ScheduleSettings settings, long timeMillis) {
        long most = settings.getJitterMillis();
        if (most <= 0 || most == Long.MAX_VALUE) {
            return 0;
        }
        long hash = timeMillis;
        for (int i = 0; i < name.key().length(); i++) {
            hash = Fingerprint.of(hash, name.key().charAt(i));
        }
        return Long.remainderUnsigned(hash, most + 1);
    }
}
