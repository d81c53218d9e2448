package io.coordinator.client.internal.job;

import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.job.AsyncJobQueues;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.ListQueues;
import java.util.List;

/** The queues of a namespace, as messages. */
public final class JobQueuesCalls implements AsyncJobQueues {
    private final Calls calls;
    private final ClientSide side;
    private final String namespace;

    public JobQueuesCalls(Calls calls, ClientSide side, String namespace) {
        this.calls = calls;
        this.side = side;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public JobQueueCalls queue(String name) {
        return new JobQueueCalls(calls, side, QueueTarget.of(namespace, name));
    }

    @Override
    public Promise<List<QueueSummary>> list(String prefix, String after, int limit) {
        return calls.reading()
                .query(
                        QueueTarget.JOB,
                        () -> {
                            Arguments.positive("limit", limit);
                            ListQueues.Builder list = ListQueues.newBuilder()
                                    .setPrefix(Text.prefix("prefix", prefix))
                                    .setAfterQueue(Text.prefix("after", after))
                                    .setLimit(limit);
                            if (!after.isEmpty()) {
                                list.setAfterNamespace(namespace);
                            }
                            return JobQuery.newBuilder()
                                    .setNamespace(namespace)
                                    .setListQueues(list)
                                    .build();
                        },
                        answer -> answer.getJob().getQueues().getQueuesList().stream()
                                .map(QueueViews::summary)
                                .toList());
    }
}
