package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.HeldRuns;
import io.coordinator.client.internal.work.RemoteFailures;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.EphemeralDispatch;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.OutcomeRefused;
import io.coordinator.protocol.ProcedureServed;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ServeProcedure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What this client serves of ephemeral calls, and those that it has. What was said of them is void when the stream is
 * lost. Lives on the loop, except where it says any thread.
 */
final class EphemeralWork {
    private final SessionChannel channel;
    private final Runnable somethingToSay;
    private final Map<Long, Served> served = new LinkedHashMap<>();
    private final HeldRuns held = new HeldRuns();
    private final List<ServeProcedure> serve = new ArrayList<>();
    private final List<Long> stopServing = new ArrayList<>();
    private final Queue<CompleteCall> outcomes = new ArrayDeque<>();
    /** The latest of each call, by its token. */
    private final Map<Long, ReportCallProgress> reports = new LinkedHashMap<>();

    private long lastId;
    /** Counts streams: what was dispatched on an earlier one cannot be completed any more. */
    private long stream;

    /** @param somethingToSay has the stream flushed, and opened if there is none */
    EphemeralWork(SessionChannel channel, Runnable somethingToSay) {
        this.channel = channel;
        this.somethingToSay = somethingToSay;
    }

    private record Served(CallWorker worker, ServeProcedure message) {}

    boolean isIdle() {
        return served.isEmpty() && held.isEmpty();
    }

    // ---- serving ----

    /**
     * A worker has registered.
     *
     * @return the number by which it {@link #stop}s
     */
    long begin(CallWorker worker) {
        ServeProcedure message = ServeProcedure.newBuilder()
                .setId(++lastId)
                .setNamespace(worker.procedure().namespace())
                .setName(worker.procedure().name())
                .setConcurrency(worker.options().concurrency())
                .setBacklogMax(worker.options().backlogMax())
                .build();
        served.put(lastId, new Served(worker, message));
        serve.add(message);
        somethingToSay.run();
        return lastId;
    }

    /** It gets no more. Has no effect on one that has stopped. */
    void stop(long id) {
        Served before = served.remove(id);
        if (before != null) {
            if (!serve.remove(before.message())) {
                stopServing.add(id);
            }
            somethingToSay.run();
        }
    }

    /** There is a stream, on which nothing was said yet. */
    void welcome() {
        serve.clear();
        served.values().forEach(each -> serve.add(each.message()));
    }

    // ---- sending ----

    boolean hasSomethingToSay() {
        return !serve.isEmpty() || !stopServing.isEmpty() || !outcomes.isEmpty() || !reports.isEmpty();
    }

    /** Puts what fits into a frame; how many bytes that are. */
    int fill(CallClientFrame.Builder frame, int frameBytes) {
        frame.addAllServe(serve);
        frame.addAllStopServing(stopServing);
        serve.clear();
        stopServing.clear();
        int size = 0;
        for (CompleteCall next = outcomes.peek(); next != null; next = outcomes.peek()) {
            int bytes = next.getSerializedSize();
            if (size > 0 && size + bytes > frameBytes) {
                return frameBytes;
            }
            outcomes.remove();
            frame.addOutcomes(next);
            size += bytes;
        }
        Iterator<ReportCallProgress> latest = reports.values().iterator();
        while (latest.hasNext() && size < frameBytes) {
            ReportCallProgress next = latest.next();
            latest.remove();
            frame.addProgress(next);
            size += next.getSerializedSize();
        }
        return Math.min(size, frameBytes);
    }

    // ---- hearing ----

    void onServed(ProcedureServed answer) {
        Served refused = answer.hasError() ? served.remove(answer.getId()) : null;
        if (refused != null) {
            refused.worker().user().report(Errors.of(answer.getError()));
        }
    }

    void onDispatched(EphemeralDispatch dispatch) {
        CallDispatched call = dispatch.getCall();
        Served to = served.get(dispatch.getId());
        if (to == null) {
            outcomes.add(CompleteCall.newBuilder()
                    .setToken(call.getToken())
                    .setHandedBack(true)
                    .build());
            somethingToSay.run();
            return;
        }
        long patience = Times.nanos(Duration.ofMillis(call.getRemainingMillis()));
        Lease lease = new Lease(call, channel.loop().deadlineIn(patience), stream);
        held.add(new CallRun(channel, to.worker(), held, lease));
    }

    void onRevoked(CallRevoked revoked) {
        HandlerRun run = held.find(revoked.getToken());
        if (run != null) {
            run.cancel();
        }
    }

    void onRefused(OutcomeRefused refused) {
        Served by = served.get(refused.getId());
        if (by != null) {
            by.worker().user().report(Errors.of(refused.getError()));
        }
    }

    /** The stream is lost: nobody hears of what it was for. */
    void lost() {
        stream++;
        serve.clear();
        stopServing.clear();
        outcomes.clear();
        reports.clear();
        held.forgetAll();
    }

    /** A call of one stream. */
    private final class Lease implements CallLease {
        private final CallDispatched call;
        private final long deadlineNanos;
        private final long ofStream;

        Lease(CallDispatched call, long deadlineNanos, long ofStream) {
            this.call = call;
            this.deadlineNanos = deadlineNanos;
            this.ofStream = ofStream;
        }

        @Override
        public CallDispatched call() {
            return call;
        }

        @Override
        public long deadlineNanos() {
            return deadlineNanos;
        }

        @Override
        public Promise<Boolean> complete(CompleteCall outcome) {
            CompleteCall told = outcome.getResult().size() <= EphemeralCalls.VALUE_BYTES_MAX
                    ? outcome
                    : CompleteCall.newBuilder()
                            .setToken(outcome.getToken())
                            .setFailure(RemoteFailures.of(
                                    ErrorCode.ETOOLARGE.name(),
                                    "the handler ran, but its result has more bytes than can be sent: "
                                            + outcome.getResult().size(),
                                    ""))
                            .build();
            channel.loop().execute(() -> say(() -> outcomes.add(told)));
            return Promises.direct().succeeded(true);
        }

        @Override
        public Promise<Boolean> report(ByteString value) {
            if (value.size() <= EphemeralCalls.VALUE_BYTES_MAX) {
                say(() -> reports.put(
                        call.getToken(),
                        ReportCallProgress.newBuilder()
                                .setToken(call.getToken())
                                .setValue(value)
                                .build()));
            }
            return Promises.direct().succeeded(true);
        }

        private void say(Runnable word) {
            if (ofStream == stream) {
                word.run();
                somethingToSay.run();
            }
        }
    }
}
