package io.coordinator.client.internal.job;

import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;

/** Which queue, and the beginnings of messages about it. */
record QueueTarget(String namespace, String name) {
    static final TypeEnvelope<JobCommand, JobQuery> JOB = new TypeEnvelope<>(
            Command.Builder::setJob, Reply.OutcomeCase.JOB, Query.Builder::setJob, Answer.OutcomeCase.JOB);

    static QueueTarget of(String namespace, String name) {
        return new QueueTarget(namespace, Calls.checkName("queue", name));
    }

    /** A command about it, without the operation. */
    JobCommand.Builder command() {
        return JobCommand.newBuilder().setNamespace(namespace).setQueue(name);
    }

    /** A query about it, without the operation. */
    JobQuery.Builder query() {
        return JobQuery.newBuilder().setNamespace(namespace).setQueue(name);
    }

    /** With what the keys of its jobs begin that watchers hear: up to a slash, which its name does not have there. */
    String watched() {
        return name.replace("%", "%25").replace("/", "%2F") + "/";
    }

    /** A job of it, in messages. */
    String job(String id) {
        return "job \"" + id + "\" of " + this;
    }

    @Override
    public String toString() {
        return "queue \"" + name + "\" in namespace \"" + namespace + "\"";
    }
}
