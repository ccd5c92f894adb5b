(self.pressmarkSearch=self.pressmarkSearch||[]).push(["sc4e1.cd4a8925","!#bridg !$costa !#douro !#ferr !#in ##t !#nin !#open ##ver !$porto !#river #$ui !#the ##ook #$ransport !#year"]);
