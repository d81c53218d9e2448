package io.coordinator.state.builds;

import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.state.kernel.Check;

/** What is wrong with commands and queries of builds whatever the state. */
final class BuildAdmission {
    private BuildAdmission() {}

    static void admit(BuildCommand build, Check check) {
        if (build.hasClear()) {
            return;
        }
        check.present("key", build.getKey());
        switch (build.getOperationCase()) {
            case RESERVE -> admit(build.getReserve(), check);
            case COMPLETE -> admit(build.getComplete(), check);
            case FAIL -> admit(build.getFail(), check);
            case PUT -> admit(build.getPut(), check);
            case CANCEL, DELETE, TOUCH, PROGRESS -> {}
            case CLEAR, OPERATION_NOT_SET -> check.unknown("the build operation");
        }
    }

    private static void admit(ReserveBuild reserve, Check check) {
        check.atLeast("build_millis", reserve.getOnlyWait() ? 0 : 1, reserve.getBuildMillis())
                .atLeast("wait_millis", -1, reserve.getWaitMillis());
    }

    private static void admit(CompleteBuild complete, Check check) {
        check.atLeast("ttl_millis", 0, complete.getTtlMillis())
                .atLeast("refresh_after_millis", 0, complete.getRefreshAfterMillis());
    }

    private static void admit(PutBuild put, Check check) {
        check.atLeast("ttl_millis", 0, put.getTtlMillis())
                .atLeast("refresh_after_millis", 0, put.getRefreshAfterMillis());
    }

    private static void admit(FailBuild fail, Check check) {
        check.atLeast("keep_millis", 0, fail.getKeepMillis())
                .value("failure", fail.getFailure().getSerializedSize());
    }

    static void admit(BuildQuery build, Check check) {
        switch (build.getOperationCase()) {
            case GET -> check.present("key", build.getKey());
            case LIST -> {
                String after = build.getList().getAfter();
                check.require(
                        after.isEmpty() || after.startsWith(build.getKey()),
                        "after",
                        "does not start with the prefix; give the last key of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the build query");
        }
    }
}
